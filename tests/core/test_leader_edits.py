"""What editors decided, in what is read from then on."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from packaged import packaged_reader

from schemas.base import LeaderId, Person
from schemas.leaders import LeaderEdit
from schemas.readings import Entity
from schemas.stories import Story
from streams.core.leader_edits import EditedReader, LeaderEdits
from streams.core.provisional import provisional_id
from tests.core.strategies import BUKELE, KAST, NOBOA, at, found, invitation, reading, trip

STRANGER = Person(id=LeaderId("provisional:cl:jose-kast"), name="José Kast")


def edit(leader, action, minute=0, **said):
    when = at("2026-01-15") + timedelta(minutes=minute)
    return LeaderEdit(leader=leader, action=action, edited_at=when, editor="night desk", **said)


MERGED = edit(STRANGER.id, "merge", into=KAST.id, name=KAST.name)


def read_with(*edits, claims, entities=()):
    read = reading("a", 1, "2026-01-16", *claims).model_copy(update={"entities": entities})
    return LeaderEdits(edits).applied(read)


def claims_of(read):
    return [each.claim for each in read.findings]


def test_who_is_merged_is_read_as_the_other_in_every_part():
    claims = [
        trip("FR", leader=STRANGER),
        trip("CL", leader=NOBOA, hosts=(STRANGER,)),
        invitation(inviter=STRANGER, invitee=NOBOA),
        invitation(inviter=NOBOA, invitee=STRANGER),
    ]

    assert claims_of(read_with(MERGED, claims=claims)) == [
        trip("FR", leader=KAST),
        trip("CL", leader=NOBOA, hosts=(KAST,)),
        invitation(inviter=KAST, invitee=NOBOA),
        invitation(inviter=NOBOA, invitee=KAST),
    ]


def test_nobody_is_their_own_host_or_inviter_once_merged():
    claims = [
        trip("FR", leader=STRANGER, hosts=(KAST, NOBOA)),
        invitation(inviter=STRANGER, invitee=KAST),
    ]

    assert claims_of(read_with(MERGED, claims=claims)) == [trip("FR", leader=KAST, hosts=(NOBOA,))]


def test_of_who_is_refused_nothing_is_read():
    refused = edit(STRANGER.id, "refuse")
    claims = [
        trip("FR", leader=STRANGER),
        trip("CL", leader=NOBOA, hosts=(STRANGER,)),
        invitation(inviter=STRANGER, invitee=NOBOA),
    ]

    assert claims_of(read_with(refused, claims=claims)) == [trip("CL", leader=NOBOA)]


def test_who_is_renamed_is_called_so():
    renamed = edit(KAST.id, "rename", name="J. A. Kast")

    (claim,) = claims_of(read_with(renamed, MERGED, claims=[trip("FR", leader=STRANGER)]))

    assert claim.leader == Person(id=KAST.id, name="J. A. Kast")


def test_entities_that_are_one_person_become_one():
    entities = [
        Entity(id=KAST.id, name=KAST.name, kind="leader", country="CL", spans=((30, 34),)),
        Entity(id=STRANGER.id, name="José Kast", kind="leader", country="CL", spans=((3, 12),)),
        Entity(id="CL", name="Chile", kind="country", country="CL", spans=((50, 55),)),
    ]

    read = read_with(MERGED, claims=[], entities=tuple(entities))

    assert [(each.id, each.spans) for each in read.entities] == [
        (KAST.id, ((3, 12), (30, 34))),
        ("CL", ((50, 55),)),
    ]


def test_a_reading_of_nobody_concerned_is_the_very_same():
    read = reading("a", 1, "2026-01-16", trip("FR", leader=NOBOA))

    assert LeaderEdits([MERGED]).applied(read) is read


def test_the_latest_of_confirm_merge_and_refuse_holds():
    later = edit(STRANGER.id, "confirm", minute=1)

    assert LeaderEdits([MERGED, later]).target(STRANGER.id) == STRANGER.id
    assert LeaderEdits([later, MERGED]).target(STRANGER.id) == STRANGER.id
    assert LeaderEdits([later]).with_edit(MERGED).target(STRANGER.id) == STRANGER.id


def test_somebody_is_decided_by_any_edit_that_says_who_they_are():
    edits = LeaderEdits(
        [
            MERGED,
            edit(NOBOA.id, "refuse"),
            edit(BUKELE.id, "confirm"),
            edit(KAST.id, "add_alias", name="Hosé Cast", country="CL"),
            edit("renamed", "rename", name="One"),
        ]
    )
    decided = (STRANGER.id, NOBOA.id, BUKELE.id, "provisional:cl:hose-kast")

    assert all(edits.is_decided(each) for each in decided)
    assert not any(edits.is_decided(each) for each in (KAST.id, "renamed", "another"))


def test_merges_lead_on_and_a_circle_ends_somewhere():
    on = edit(KAST.id, "merge", into=NOBOA.id)
    round_again = edit(NOBOA.id, "merge", into=STRANGER.id)

    assert LeaderEdits([MERGED, on]).target(STRANGER.id) == NOBOA.id
    assert LeaderEdits([MERGED, on, round_again]).target(STRANGER.id) == NOBOA.id


IDS = st.sampled_from([KAST.id, NOBOA.id, BUKELE.id, STRANGER.id])
EDITS = st.builds(
    edit,
    IDS,
    st.sampled_from(["confirm", "merge", "rename", "refuse"]),
    st.integers(0, 5),
    into=IDS,
    name=st.sampled_from(["One", "Another"]),
)


@given(st.lists(EDITS, max_size=8), st.randoms(use_true_random=False))
def test_edits_in_any_order_and_repeated_come_to_the_same(edits, shuffled):
    other = edits + edits[:3]
    shuffled.shuffle(other)
    one_by_one = LeaderEdits()
    for each in other:
        one_by_one = one_by_one.with_edit(each)

    assert one_by_one.in_force == LeaderEdits(edits).in_force


def test_what_a_compacted_topic_keeps_is_all_that_is_needed():
    edits = [
        MERGED,
        edit(STRANGER.id, "confirm", minute=1),
        edit(STRANGER.id, "rename", minute=2, name="One"),
        edit(STRANGER.id, "add_alias", minute=3, name="Another"),
        edit(STRANGER.id, "add_alias", minute=4, name="A third"),
    ]
    compacted = {each.key(): each for each in edits}

    assert len(compacted) == 4
    assert LeaderEdits(compacted.values()).in_force == LeaderEdits(edits).in_force


def test_an_alias_is_whoever_the_reader_would_make_of_the_name():
    reader = packaged_reader()
    story = Story(
        id="a",
        edition="a#1",
        published_at=at("2026-01-16"),
        received_at=at("2026-01-16"),
        source="wire",
        feed="test",
        format="text",
        body="PARIS - Botswana's President Thato Examplemang will travel to Norway on Monday.",
    )
    known = Person(id=LeaderId("duma-boko"), name="Duma Boko")
    alias = edit(known.id, "add_alias", name="Tato Examplemang", country="BW")
    edits = LeaderEdits()
    edited = EditedReader(reader, lambda: edits)

    (before,) = claims_of(edited.read(story))
    edits = LeaderEdits([alias])
    (after,) = claims_of(edited.read(story))

    assert before.leader.id == provisional_id("Thato Examplemang", "BW")
    assert after.leader.id == known.id
    assert (edited.name, edited.knowledge_version) == (reader.name, reader.knowledge_version)


def test_a_finding_keeps_all_but_the_people():
    sure = found(trip("FR", leader=STRANGER), foreground=False, confidence=0.7)
    (after,) = read_with(MERGED, claims=[sure]).findings

    assert after == sure.model_copy(update={"claim": trip("FR", leader=KAST)})
