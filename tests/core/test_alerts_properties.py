"""What holds of alerts whatever the wire says."""

from hypothesis import given
from hypothesis import strategies as st

from schemas.base import LeaderId
from schemas.leaders import LeaderEdit
from schemas.record import edited
from streams.core.addressing import addressed_to, take
from streams.core.alerts import ALERT_REASONS, Weighed, weigh
from streams.core.fold import fold, standing
from streams.core.ledger import matters
from tests.core.strategies import KAST, at, messages, reported, trip

STRANGER = LeaderId("provisional:cl:jose-kast")
FIRM = {"planned": "firm", "under_way": "firm", "completed": "firm"}


def told(wire):
    dossier, raised = None, []
    for message in wire:
        found = weigh(dossier, fold(dossier, message), message)
        dossier, alerts = found.dossier, found.alerts
        raised.extend(alerts)
    return dossier, raised


def gist(kind, country, status):
    """Of a trip its country and how firm it is; of an invitation, whose place may be unsaid, how
    it stands."""
    return (kind, country, FIRM.get(status, status)) if kind == "trip" else (kind, "", status)


def news(dossier):
    """The gist of what there is to tell."""
    return sorted(
        gist(each.kind, each.country, each.status)
        for each in matters(standing(dossier))
        if each.news
    )


def known(dossier):
    """The gist of what people were told and there is still news of."""
    fresh = {report.id for report in standing(dossier) if report.foreground}
    return sorted(
        gist(line.kind, line.told.country, line.told.status)
        for line in dossier.ledger
        if fresh & set(line.reports)
    )


@given(messages, st.randoms(use_true_random=False))
def test_in_any_order_people_end_up_told_of_the_same(wire, shuffled):
    other = list(wire)
    shuffled.shuffle(other)

    assert known(told(other)[0]) == known(told(wire)[0])


@given(messages, st.lists(st.booleans(), min_size=12, max_size=12))
def test_in_any_batches_people_end_up_told_of_the_same(wire, ends):
    decided, folded = None, None
    for number, message in enumerate(wire):
        folded = fold(folded, message)
        if ends[number] or number == len(wire) - 1:
            decided = weigh(decided, folded, message).dossier
            folded = decided

    assert known(decided) == known(told(wire)[0])
    assert (decided.reports, decided.editions) == (told(wire)[0].reports, told(wire)[0].editions)


@given(messages)
def test_all_news_that_stands_has_one_line_that_agrees_with_it(wire):
    dossier, _ = told(wire)

    assert known(dossier) == news(dossier)


@given(messages, st.lists(st.booleans(), min_size=12, max_size=12))
def test_after_a_merge_all_news_that_stands_has_one_line_that_agrees_with_it(wire, others):
    into = LeaderEdit(
        leader=STRANGER, action="merge", into=KAST.id, edited_at=at("2026-03-01"), editor="desk"
    )
    dossiers = {}
    mine = [each for each, other in zip(wire, others, strict=False) if not other]
    theirs = [addressed_to(STRANGER, each) for each in wire if each not in mine]
    queue = [*mine, *theirs, edited(into)]
    while queue:
        message = queue.pop(0)
        taken = take(dossiers.get(message.leader), message)
        dossiers[message.leader] = taken.dossier
        queue.extend(taken.sent_on)

    assert dossiers[STRANGER].ledger == ()
    if KAST.id in dossiers:
        assert known(dossiers[KAST.id]) == news(dossiers[KAST.id])


@given(messages)
def test_a_repeated_message_raises_nothing(wire):
    dossier, _ = told(wire)

    for message in wire:
        assert weigh(dossier, fold(dossier, message), message) == Weighed(dossier)


@given(messages)
def test_deciding_again_raises_nothing_and_from_the_same_state_gives_the_same(wire):
    dossier = None
    for message in wire:
        after = fold(dossier, message)
        found = weigh(dossier, after, message)
        decided = found.dossier
        assert weigh(dossier, after, message) == found
        assert weigh(dossier, decided, message) == Weighed(decided)
        dossier = decided


@given(messages)
def test_no_two_alerts_have_one_id_unless_they_say_the_same(wire):
    _, raised = told(wire)
    by_id = {}
    for alert in raised:
        by_id.setdefault(alert.id, set()).add((alert.data.kind, alert.data.country))

    assert all(len(said) == 1 for said in by_id.values())


@given(messages)
def test_an_alert_replaces_the_latest_one_on_its_subject_and_quotes_someone(wire):
    _, raised = told(wire)
    seen = set()
    for alert in raised:
        assert alert.data.evidence
        assert alert.data.reason in ALERT_REASONS
        assert alert.subject == KAST.id
        assert alert.type == f"org.dragoman.{alert.data.kind}"
        assert alert.data.replaces is None or alert.data.replaces in seen
        seen.add(alert.id)


@given(messages)
def test_background_alone_raises_nothing(wire):
    quiet = [
        each.model_copy(update={"foreground": False}) if each.type == "report" else each
        for each in wire
    ]

    assert told(quiet)[1] == []


@given(messages)
def test_mirrors_raise_nothing(wire):
    mirrored = [
        each.model_copy(update={"role": "host"}) if each.type == "report" else each for each in wire
    ]

    assert told(mirrored)[1] == []


def test_the_seen_properties_are_not_empty_of_content():
    assert len(told([reported(trip("FR"), "2026-01-02")])[1]) == 1
