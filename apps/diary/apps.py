from django.apps import AppConfig


class DiaryConfig(AppConfig):
    name = "apps.diary"

    def ready(self):
        from apps.conditions.ratings import COUNTERS
        from apps.diary.models import CheckIn

        COUNTERS.append(CheckIn.objects.counted_by_scale)
