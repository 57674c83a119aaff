"""What a person may and may not do."""

from uuid import UUID

from domain import user
from tests.given import given

SESSION = UUID(int=7)
registered = user.Registered()


def test_a_person_registers_once():
    given(user.decider).when(user.Register()).then(registered)
    given(user.decider, registered).when(user.Register()).then_refused(user.AlreadyRegistered)


def test_only_a_registered_person_signs_in():
    sign_in = user.SignIn(session_id=SESSION)

    given(user.decider).when(sign_in).then_refused(user.UnknownUser)
    given(user.decider, registered).when(sign_in).then(user.SignedIn(session_id=SESSION))


def test_signing_out_and_theft_are_remembered():
    given(user.decider, registered).when(user.SignOut(session_id=SESSION)).then(
        user.SignedOut(session_id=SESSION)
    )
    given(user.decider, registered).when(user.ReportTheft(session_id=SESSION)).then(
        user.SessionStolen(session_id=SESSION)
    )


def test_a_person_is_erased_once():
    erased = user.Erased()

    given(user.decider, registered).when(user.Erase()).then(erased)
    given(user.decider, registered, erased).when(user.Erase()).then_refused(user.UnknownUser)
    given(user.decider).when(user.Erase()).then_refused(user.UnknownUser)


def test_nothing_can_be_asked_of_who_was_erased():
    history = (registered, user.SignedIn(session_id=SESSION), user.Erased())

    for command in (user.SignIn, user.SignOut, user.ReportTheft):
        asked = command(session_id=SESSION)
        given(user.decider, *history).when(asked).then_refused(user.UnknownUser)
