from django.apps import AppConfig


class ComparisonsConfig(AppConfig):
    name = "apps.comparisons"

    def ready(self):
        from apps.comparisons.progress import progress_after
        from apps.diary.entries.after_saving import TELLERS

        TELLERS.append(progress_after)
