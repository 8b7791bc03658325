"""Labels that are looked up once say the same as Django, in every language."""

from django.db.models import TextChoices
from django.utils.translation import override

from apps.conditions.models import Side
from apps.conditions.places import Place
from apps.treatments.models import Kind
from config.language.labels import label_of


def test_labels_are_those_of_the_language_of_now():
    for language in ("de", "en-gb", "de"):
        with override(language):
            for choice in (*Side, *Place, *Kind):
                assert label_of(choice) == str(choice.label)


def test_choices_of_one_value_keep_their_own_labels():
    """The database writes both alike."""

    class Other(TextChoices):
        LEFT = "left", "gone"

    assert [label_of(each) for each in (Side.LEFT, Other.LEFT)] == ["left", "gone"]
