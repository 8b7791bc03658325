from django.urls import path

from apps.sharing import reader_views, views

app_name = "sharing"

urlpatterns = [
    path("share/", views.index, name="list"),
    path("share/new/", views.create, name="create"),
    path("share/preview/", views.preview_new, name="preview_new"),
    path("share/revoke-all/", views.revoke_all, name="revoke_all"),
    path("share/<int:pk>/preview/", views.preview, name="preview"),
    path("share/<int:pk>/new-address/", views.renew, name="renew"),
    path("share/<int:pk>/revoke/", views.revoke, name="revoke"),
    path("s/<slug:public_id>", reader_views.shared, name="shared"),
    path("s/<slug:public_id>/open", reader_views.exchange, name="exchange"),
    path("s/<slug:public_id>/code", reader_views.code, name="code"),
]
