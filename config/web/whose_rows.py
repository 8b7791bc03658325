"""Whose rows the database shows during a request: nobody's, then those of who is logged in."""

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import FileResponse

from config.postgres import acting


def nobodys_at_first(get_response):
    """Around all that asks the database, so that nothing of a request is left for the next."""

    def middleware(request):
        with acting.as_stranger():
            response = get_response(request)
            if response.streaming and not isinstance(response, FileResponse):
                # An export is made while it is sent, when this function has long returned.
                response.streaming_content = acting.kept(response.streaming_content)
        return response

    return middleware


def own_once_known(get_response):
    def middleware(request):
        if request.user.is_authenticated:
            acting.become(request.user.pk)
        return get_response(request)

    return middleware


@receiver(user_logged_in)
def own_from_the_log_in_on(sender, user, **_more):
    """What is done in the request that logs somebody in is done with their rows."""
    acting.become(user.pk)
