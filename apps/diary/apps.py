from django.apps import AppConfig


class DiaryConfig(AppConfig):
    name = "apps.diary"

    def ready(self):
        from django.contrib.auth.signals import user_logged_in, user_logged_out

        from apps.conditions.ratings import COUNTERS
        from apps.diary.calls import devices
        from apps.diary.models import CheckIn

        COUNTERS.append(CheckIn.objects.counted_by_scale)
        user_logged_in.connect(devices.end_of_others)
        user_logged_out.connect(devices.end_here)
