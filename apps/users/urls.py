from django.urls import path

from apps.users import views

app_name = "users"

urlpatterns = [
    path("", views.settings, name="settings"),
    path("clock/", views.clock, name="clock"),
    path("consent/", views.consent, name="consent"),
    path("consent/withdraw/", views.withdraw_consent, name="withdraw_consent"),
    path("security/", views.security, name="security"),
    path("devices/<int:pk>/end/", views.end_session, name="end_session"),
]
