from django.apps import AppConfig


class UsersConfig(AppConfig):
    name = "apps.users"

    def ready(self):
        from allauth.mfa.signals import authenticator_added, authenticator_removed
        from django.contrib.auth.signals import user_logged_in

        from apps.users import security_events, sessions
        from apps.users.log_in.passkey_views import codes_go_with_their_app

        user_logged_in.connect(sessions.begin)
        authenticator_added.connect(sessions.end_the_others)
        authenticator_removed.connect(codes_go_with_their_app)
        security_events.receive_all()
