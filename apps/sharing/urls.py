from django.urls import path, re_path, register_converter

from apps.sharing import reader_views, views

app_name = "sharing"


class Rest:
    """What stands behind a slug and belongs to it no more."""

    regex = "[^-a-zA-Z0-9_].*"
    to_python = to_url = str


register_converter(Rest, "rest")

urlpatterns = [
    path("share/", views.index, name="list"),
    path("share/new/", views.create, name="create"),
    path("share/preview/", views.preview_new, name="preview_new"),
    path("share/revoke-all/", views.revoke_all, name="revoke_all"),
    path("share/<int:pk>/preview/", views.preview, name="preview"),
    path("share/<int:pk>/new-address/", views.renew, name="renew"),
    path("share/<int:pk>/revoke/", views.revoke, name="revoke"),
    path("share/<int:pk>/room-code/", views.room_code, name="room_code"),
    re_path(r"^s/?$", reader_views.room, name="room"),
    path("s/<slug:public_id>", reader_views.shared, name="shared"),
    path("s/<slug:public_id>/open", reader_views.exchange, name="exchange"),
    path("s/<slug:public_id>/code", reader_views.code, name="code"),
    path("s/<slug:public_id><rest:after>", reader_views.mistyped, name="mistyped"),
]
