from django.apps import AppConfig


class ComparisonsConfig(AppConfig):
    name = "apps.comparisons"

    def ready(self):
        from apps.comparisons.beside_waiting import beside_waiting
        from apps.comparisons.looking_back import looking_back
        from apps.comparisons.progress import progress_after
        from apps.comparisons.so_far import so_far
        from apps.diary.entries.after_saving import BESIDE_A_RATING, LOOKING_BACK, SO_FAR, TELLERS

        TELLERS.append(progress_after)
        BESIDE_A_RATING.append(beside_waiting)
        LOOKING_BACK.append(looking_back)
        SO_FAR.append(so_far)
