from django.contrib.auth.backends import ModelBackend

from apps.users.models import User


class Backend(ModelBackend):
    """Finds who somebody is as Django does by itself: our way of asking is none of the floor's."""

    def get_user(self, user_id):
        user = User.objects.all().get(pk=user_id)
        return user if self.user_can_authenticate(user) else None
