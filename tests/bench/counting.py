from django.db import connection


def queries_on_request(get_response):
    """Count only where the request asks for it, so that the timed requests are as in production."""

    def middleware(request):
        if "X-Count-Queries" not in request.headers:
            return get_response(request)
        queries = []

        def count(execute, sql, params, many, context):
            queries.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            response = get_response(request)
            if response.streaming:
                response.streaming_content = list(response.streaming_content)
        response["X-Queries"] = len(queries)
        return response

    return middleware
