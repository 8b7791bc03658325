from django.urls import path

from apps.diary import views

app_name = "diary"

urlpatterns = [
    path("today/", views.today, name="today"),
]
