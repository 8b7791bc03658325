from django.urls import path

from apps.users.log_in import passkey_sign_up
from apps.users.log_in import passkey_views as views

urlpatterns = [
    path("signup/passkey/", passkey_sign_up.begin, name="account_passkey_signup"),
    path("signup/passkey/make/", passkey_sign_up.make, name="account_passkey_make"),
    path("2fa/webauthn/add/", views.Add.as_view(), name="mfa_add_webauthn"),
    path("2fa/webauthn/login/", views.LogIn.as_view(), name="mfa_login_webauthn"),
    path(
        "2fa/webauthn/reauthenticate/",
        views.Confirm.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
]
