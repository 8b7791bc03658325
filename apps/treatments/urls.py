from django.urls import path

from apps.treatments import first_run_views, period_views, views

app_name = "treatments"

urlpatterns = [
    path("", views.index, name="list"),
    path("new/", views.create, name="create"),
    path("first-run/", first_run_views.what_hurts, name="first_run"),
    path("first-run/use/", first_run_views.use, name="first_run_use"),
    path("first-run/since/<int:pk>/", first_run_views.since, name="first_run_since"),
    path("kinds/", views.kinds, name="kinds"),
    path("kinds/<slug:slug>/", views.kind, name="kind"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/delete/", views.delete, name="delete"),
    path("<int:pk>/decide/", views.decide, name="decide"),
    path("<int:pk>/make-one/", views.make_one, name="make_one"),
    path("<int:pk>/archive/", views.archive, name="archive"),
    path("<int:pk>/unarchive/", views.unarchive, name="unarchive"),
    path("<int:treatment_pk>/periods/new/", period_views.create, name="period_create"),
    path("<int:treatment_pk>/periods/<int:pk>/edit/", period_views.edit, name="period_edit"),
    path("<int:treatment_pk>/periods/<int:pk>/delete/", period_views.delete, name="period_delete"),
]
