"""The built-in kinds of treatment: facts, not rows.

What each is, what to be careful about, and what the NICE guideline says, in our own words.
The catalogue describes; it never recommends. Where the guideline is silent it says so.
Order means nothing: pages show the kinds by name.
"""

from dataclasses import dataclass
from enum import Enum

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.treatments.models import Kind, Setting, Treatment
from apps.treatments.rate_again import USUAL_MINUTES
from apps.users.typed.names import as_seen

GUIDELINE_TITLE = _(
    "NICE guideline NG59: Low back pain and sciatica in over 16s: assessment and management "
    "(2016, updated 2020)"
)
GUIDELINE_URL = "https://www.nice.org.uk/guidance/ng59"

NO_RECOMMENDATION = _("The guideline makes no specific recommendation on it.")
PAIN_GETS_WORSE = _("Pain that spreads further down the leg, new numbness or weakness: stop.")
ASK_IN_PREGNANCY = _("In pregnancy: ask your midwife or doctor first.")


class Lasts(Enum):
    """Done for some minutes, or worn, taken or kept up for a whole day; or as the person says."""

    A_SESSION = "a session"
    A_DAY = "a day"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class KindFacts:
    """One kind; ``minutes`` is the usual length of a session, None where it has none.

    ``is_one_off``: done once (an injection), so there is nothing to compare session by session.
    ``is_bought``: used again and again once it is there, so its price is asked when it is chosen.
    ``is_worn``: goes on for days or months and is kept as periods.
    ``lasts``: for how long it is done, which a self-test draws for.
    """

    kind: Kind
    what: Promise
    cautions: tuple[Promise, ...]
    guideline: Promise
    recommendation: Promise | str = ""
    minutes: int | None = None
    rate_again_after_minutes: int = USUAL_MINUTES
    setting: Setting = Setting.HOME
    is_bought: bool = False
    is_paid_per_session: bool = False
    is_one_off: bool = False
    is_worn: bool = False
    lasts: Lasts = Lasts.A_SESSION

    @property
    def name(self) -> str:
        return str(self.kind.label)


FACTS = [
    KindFacts(
        kind=Kind.STRETCHING,
        minutes=10,
        what=_(
            "Slow movements that lengthen the muscles of the back, buttock and back of the thigh, "
            "held for some seconds each."
        ),
        cautions=(
            PAIN_GETS_WORSE,
            _("After an operation, a fracture or a recent injury: ask your physiotherapist first."),
            _("In pregnancy joints are looser: stretch less far, and ask your midwife."),
        ),
        guideline=_(
            "Stretching on its own is not singled out. The guideline says that a group exercise "
            "programme can be considered for an episode or flare-up, chosen to suit the person."
        ),
        recommendation=_("recommendation 1.2.2"),
    ),
    KindFacts(
        kind=Kind.EXERCISE,
        minutes=20,
        what=_(
            "Planned movement at an easy pace: walking, swimming, cycling, strengthening, yoga "
            "or pilates."
        ),
        cautions=(
            PAIN_GETS_WORSE,
            _("Chest pain, faintness or unusual breathlessness: stop and get medical help."),
            _("With heart or lung disease, or in pregnancy: ask your doctor or midwife first."),
        ),
        guideline=_(
            "The guideline says that a group exercise programme (biomechanical, aerobic, "
            "mind–body or a mix) can be considered for an episode or flare-up of low back pain "
            "with or without sciatica, chosen by the person's needs, preferences and abilities."
        ),
        recommendation=_("recommendation 1.2.2"),
    ),
    KindFacts(
        kind=Kind.STAYING_ACTIVE,
        lasts=Lasts.A_DAY,
        minutes=30,
        what=_(
            "Going on with ordinary life as far as pain allows: work, housework, short walks, "
            "rather than long rest in bed."
        ),
        cautions=(
            PAIN_GETS_WORSE,
            _("Heavy lifting and long sitting can be too much in a flare."),
        ),
        guideline=_(
            "The guideline asks professionals to give advice and information for "
            "self-management, fitted to the person, at every stage. This includes "
            "encouragement to go on with normal activities."
        ),
        recommendation=_("recommendation 1.2.1"),
    ),
    KindFacts(
        kind=Kind.POSTURE,
        lasts=Lasts.EITHER,
        what=_(
            "Changing how you sit, stand, lie or lift: another chair, a cushion, a pillow "
            "between the knees, getting up more often."
        ),
        cautions=(
            _("Holding any one position for long can hurt in itself."),
            PAIN_GETS_WORSE,
        ),
        guideline=NO_RECOMMENDATION,
    ),
    KindFacts(
        kind=Kind.HEAT,
        is_bought=True,
        minutes=20,
        what=_(
            "Warmth on the back or buttock: a wheat bag, hot-water bottle, heat patch or "
            "electric pad."
        ),
        cautions=(
            _(
                "Numb skin, or diabetes or nerve damage that dulls feeling: "
                "you can be burned without noticing."
            ),
            _("Thin, broken, inflamed or bleeding skin, and fresh injuries: no heat there."),
            _("In pregnancy: warm, not hot, never on the belly; ask your midwife first."),
            _(
                "A layer of cloth between, no falling asleep on it, "
                "and no heat over medicine patches or heat creams."
            ),
        ),
        guideline=NO_RECOMMENDATION,
    ),
    KindFacts(
        kind=Kind.PAIN_RELIEF,
        lasts=Lasts.EITHER,
        rate_again_after_minutes=60,
        what=_(
            "Medicines sold without a prescription: anti-inflammatory ones (NSAIDs) such as "
            "ibuprofen, paracetamol, and mixtures with codeine."
        ),
        cautions=(
            _("Read the leaflet, keep to the dose on it, and ask a pharmacist if unsure."),
            _(
                "Anti-inflammatory medicines: ask first if you have had a stomach ulcer, kidney, "
                "liver or heart disease, high blood pressure, a stroke or asthma, or are over 65."
            ),
            _(
                "With blood thinners, steroids, water tablets or some antidepressants: "
                "ask a pharmacist or doctor before any anti-inflammatory medicine."
            ),
            _(
                "In pregnancy or breastfeeding: ask your midwife, doctor or pharmacist before any "
                "pain relief. NSAIDs are not for pregnancy unless a doctor says so."
            ),
            _("Count paracetamol in cold and flu medicines too: too much harms the liver."),
            _(
                "Codeine can make you drowsy, constipated and dependent: "
                "no longer than three days without advice."
            ),
        ),
        guideline=_(
            "Sciatica: the guideline warns of the harms of NSAIDs and of the limited evidence that "
            "they help; if they are prescribed, at the lowest effective dose for the shortest "
            "time. It advises against opioids (such as codeine) for chronic sciatica. Low back "
            "pain: oral NSAIDs can be considered, weighing the risks to stomach, liver, heart and "
            "kidneys, again at the lowest effective dose for the shortest time. It advises "
            "against paracetamol on its own and against opioids for chronic low back pain; weak "
            "opioids can be considered for acute low back pain only where an NSAID cannot be "
            "taken or has not helped."
        ),
        recommendation=_(
            "section 1.2, pharmacological management of sciatica and of low back pain"
        ),
    ),
    KindFacts(
        kind=Kind.ACUPRESSURE_MAT,
        is_bought=True,
        minutes=20,
        what=_(
            "A mat with many small plastic spikes (also called a shakti mat), lain or stood on, "
            "usually for 20 to 30 minutes. Makers say that it eases tension, pain and stress."
        ),
        cautions=(
            _("In pregnancy: makers advise against it; ask your midwife first."),
            _(
                "Blood thinners, or blood that clots badly: the spikes can bruise and bleed; "
                "ask your doctor first."
            ),
            _("Thin, broken, infected or inflamed skin, and varicose veins: not there."),
            _(
                "Numb skin, or diabetes or nerve damage that dulls feeling: you can be hurt "
                "without noticing, above all when you stand on it."
            ),
            _("Standing on it with poor balance: hold on to something."),
        ),
        guideline=NO_RECOMMENDATION,
    ),
    KindFacts(
        kind=Kind.ACUPUNCTURE,
        minutes=30,
        rate_again_after_minutes=60,
        setting=Setting.APPOINTMENT,
        is_paid_per_session=True,
        what=_("Fine needles put into the skin at chosen points by a practitioner."),
        cautions=(
            _("Blood thinners, or blood that clots badly: tell the practitioner first."),
            _("In pregnancy, with a pacemaker or a metal allergy: tell the practitioner first."),
            _("A damaged heart valve or weak defences against infection: ask your doctor first."),
            _("Bruises, light bleeding or faintness can follow."),
        ),
        guideline=_(
            "The guideline says that acupuncture should not be offered for managing low back pain "
            "with or without sciatica."
        ),
        recommendation=_("recommendation 1.2.8"),
    ),
    KindFacts(
        kind=Kind.PHYSIOTHERAPY,
        minutes=30,
        rate_again_after_minutes=60,
        setting=Setting.APPOINTMENT,
        is_paid_per_session=True,
        what=_("Assessment, advice, guided exercise and hands-on treatment by a physiotherapist."),
        cautions=(
            _(
                "Tell the physiotherapist about pregnancy, osteoporosis, cancer, blood thinners, "
                "numbness and weakness."
            ),
            PAIN_GETS_WORSE,
        ),
        guideline=_(
            "Exercise programmes can be considered. Manual therapy (manipulation, mobilisation or "
            "soft tissue techniques such as massage) can be considered only as part of a package "
            "that includes exercise. The guideline advises against traction, ultrasound, TENS, "
            "PENS and interferential therapy."
        ),
        recommendation=_("recommendations 1.2.2, 1.2.6, 1.2.7 and 1.2.9 to 1.2.12"),
    ),
    KindFacts(
        kind=Kind.HYDROTHERAPY,
        minutes=30,
        rate_again_after_minutes=60,
        setting=Setting.APPOINTMENT,
        is_paid_per_session=True,
        what=_("Exercise in a warm pool, usually led by a physiotherapist."),
        cautions=(
            _("Open wounds, skin or bladder infections, or an upset stomach: stay out."),
            _(
                "Heart or lung disease, low or high blood pressure, epilepsy: "
                "ask your doctor first."
            ),
            _("In pregnancy: no hot pools; ask your midwife about the temperature."),
        ),
        guideline=_(
            "The guideline makes no specific recommendation on exercise in water. It says that a "
            "group exercise programme can be considered."
        ),
        recommendation=_("recommendation 1.2.2 (exercise programmes)"),
    ),
    KindFacts(
        kind=Kind.MASSAGE,
        minutes=30,
        rate_again_after_minutes=60,
        setting=Setting.APPOINTMENT,
        is_paid_per_session=True,
        what=_("Kneading and pressing of the muscles of the back, buttock or leg."),
        cautions=(
            _("Blood thinners, or a blood clot now or before: ask your doctor first."),
            _(
                "A swollen, hot, painful calf can be a blood clot: "
                "no massage, and medical help at once."
            ),
            _("Thin, broken or inflamed skin, a fresh injury, osteoporosis: not there."),
            ASK_IN_PREGNANCY,
        ),
        guideline=_(
            "Manual therapy, which includes soft tissue techniques such as massage, can be "
            "considered for low back pain with or without sciatica, but only as part of a package "
            "that includes exercise, with or without psychological therapy."
        ),
        recommendation=_("recommendation 1.2.7"),
    ),
    KindFacts(
        kind=Kind.INJECTION,
        setting=Setting.APPOINTMENT,
        is_paid_per_session=True,
        is_one_off=True,
        what=_(
            "An injection of steroid, usually with local anaesthetic, into the space around the "
            "nerves in the spine, by a specialist. Its effect, if any, shows over days and weeks."
        ),
        cautions=(
            _(
                "Tell the clinic about blood thinners, diabetes, infection, allergies and "
                "pregnancy."
            ),
            _("Legs can be weak or numb for some hours: no driving that day."),
            _(
                "Fever, severe headache, new weakness or numbness, or bladder or bowel changes "
                "afterwards: medical help at once."
            ),
        ),
        guideline=_(
            "Epidural injections of local anaesthetic and steroid can be considered in acute and "
            "severe sciatica. The guideline advises against them for neurogenic claudication "
            "(leg pain on walking) in central spinal canal stenosis, and against spinal "
            "injections for low back pain."
        ),
        recommendation=_("section 1.3, spinal injections and epidurals"),
    ),
    KindFacts(
        kind=Kind.ORTHOTICS,
        lasts=Lasts.A_DAY,
        is_bought=True,
        is_worn=True,
        what=_("Insoles, special shoes, or a belt or corset, worn for days or months."),
        cautions=(
            _("New pain in foot, knee or hip: have the fit checked."),
            _(
                "Numb feet, diabetes or poor circulation: rubbed skin can go unnoticed; "
                "look at your feet every day."
            ),
            _("Thin or broken skin: not over it."),
        ),
        guideline=_(
            "The guideline says that belts or corsets, foot orthotics and rocker sole shoes should "
            "not be offered for managing low back pain with or without sciatica."
        ),
        recommendation=_("recommendations 1.2.3 to 1.2.5"),
    ),
    KindFacts(
        kind=Kind.WEIGHT,
        is_worn=True,
        what=_("Losing weight over weeks and months, by food, movement or medicine."),
        cautions=(
            _("Not in pregnancy, unless your midwife or doctor says so."),
            _("With diabetes medicine, or an eating disorder, now or before: ask your doctor."),
            _("Weight that falls without trying: see a doctor."),
        ),
        guideline=NO_RECOMMENDATION,
    ),
    KindFacts(
        kind=Kind.OTHER,
        lasts=Lasts.EITHER,
        what=_("Anything else that you do about the pain. Give it a name you will recognise."),
        cautions=(
            ASK_IN_PREGNANCY,
            _("Numb skin, blood thinners, thin or broken skin: think of them with anything new."),
            _("With other medicines: ask a pharmacist whether they go together."),
        ),
        guideline=_(
            "It depends on what it is. The guideline advises against traction, ultrasound, TENS, "
            "PENS and interferential therapy."
        ),
        recommendation=_("recommendations 1.2.6 and 1.2.9 to 1.2.12"),
    ),
]

CATALOGUE: dict[Kind, KindFacts] = {facts.kind: facts for facts in FACTS}


def facts_of(treatment: Treatment) -> KindFacts:
    return CATALOGUE[Kind(treatment.kind)]


def is_one_off(treatment: Treatment) -> bool:
    """Done once, as an injection is: written down as a day, not started as a session."""
    return facts_of(treatment).is_one_off


def kinds_by_name() -> list[KindFacts]:
    """Alphabetical, "Something else" last: the order offered must not hint at a best one."""
    return sorted(FACTS, key=lambda facts: (facts.kind == Kind.OTHER, facts.name.casefold()))


def kinds_by_any_name() -> dict[str, Kind]:
    """By their names in every language, as somebody sees them: files have them in any spelling."""
    names = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            names |= {as_seen(str(facts.name)): facts.kind for facts in FACTS}
    return names


def treatment_of_kind(user, kind: Kind) -> Treatment:
    """A treatment of this kind with the usual minutes and so on, not saved yet."""
    facts = CATALOGUE[Kind(kind)]
    return Treatment(
        user=user,
        name=facts.name,
        kind=facts.kind,
        minutes=facts.minutes,
        rate_again_after_minutes=facts.rate_again_after_minutes,
        setting=facts.setting,
    )
