from django.apps import AppConfig


class UsersConfig(AppConfig):
    name = "apps.users"

    def ready(self):
        from allauth.mfa.signals import authenticator_added
        from django.contrib.auth.signals import user_logged_in

        from apps.users import security_events, sessions

        user_logged_in.connect(sessions.begin)
        authenticator_added.connect(sessions.end_the_others)
        security_events.receive_all()
