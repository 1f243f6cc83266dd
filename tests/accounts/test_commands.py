from datetime import timedelta

from click.testing import Result
from flask import Flask
from sqlmodel import Session, select

from asset_hub.accounts import jobs, queries, service
from asset_hub.accounts.models import MailedLink, SignIn
from asset_hub.core.powers import Role
from tests.accounts.letters import waiting
from tests.cast import NOW, PASSWORD, Cast


def run(app: Flask, *words: str, typed: str = "") -> Result:
    return app.test_cli_runner().invoke(args=["accounts", *words], input=typed)


def test_the_first_administrator_is_made_with_a_password(
    app: Flask, session: Session, cast: Cast
) -> None:
    secret = "eleven tall ships"
    result = run(app, "create-admin", "Root@Example.org", typed=f"{secret}\n{secret}\n")

    assert result.exit_code == 0
    assert secret not in result.output
    account = service.check_password(session, email="root@example.org", password=secret)
    assert [grant.role for grant in queries.held(account)] == [Role.ADMIN]


def test_or_with_a_link_by_mail(app: Flask, session: Session, cast: Cast) -> None:
    result = run(app, "create-admin", "root@example.org", "--name", "Robin", "--mail")

    assert result.exit_code == 0
    assert waiting(session) == [("account-reset", "root@example.org")]
    account = queries.by_email(session, "root@example.org")
    assert account is not None
    assert account.name == "Robin"
    assert not list(account.given)  # nothing before the address is proven


def test_somebody_with_an_account_becomes_administrator_and_keeps_their_name(
    app: Flask, session: Session, cast: Cast
) -> None:
    run(app, "create-admin", "mia@example.org", "--mail")
    run(app, "create-admin", "mia@example.org", "--mail")

    session.expire_all()
    assert cast.mia.name == "Mia"
    assert [grant.role for grant in queries.held(cast.mia)] == [Role.ADMIN]
    assert service.check_password(session, email="mia@example.org", password=PASSWORD)


def test_a_weak_password_or_no_address_is_refused(app: Flask, session: Session, cast: Cast) -> None:
    weak = run(app, "create-admin", "root@example.org", typed="password1234\npassword1234\n")
    assert (weak.exit_code, "harder to guess" in weak.output) == (1, True)
    odd = run(app, "create-admin", "root", "--mail")
    assert (odd.exit_code, "Enter an email address" in odd.output) == (1, True)
    assert queries.by_email(session, "root@example.org") is None


def test_the_list_says_who_there_is(app: Flask, session: Session, cast: Cast) -> None:
    cast.dev.disabled_at = NOW
    session.commit()

    lines = run(app, "list").output.splitlines()

    assert any(line.endswith("Ben: Volunteer navigator, Ashby") for line in lines)
    assert any("Dev (disabled)" in line for line in lines)
    assert any(line.endswith("Mia: no role") for line in lines)


def test_what_is_of_no_use_is_forgotten(session: Session, cast: Cast) -> None:
    long_ago = NOW - timedelta(days=100)
    service.register(
        session, name="Nia", email="nia@example.org", password="seven grey herons", now=long_ago
    )
    service.ask_reset(session, email="ben@example.org", now=NOW - timedelta(days=1))
    service.open_session(session, cast.ben, device="", now=long_ago)
    service.open_session(session, cast.cora, device="", now=NOW - timedelta(days=1))
    session.commit()

    jobs.tidy()

    assert queries.by_email(session, "nia@example.org") is None
    assert session.exec(select(SignIn.account_id)).all() == [cast.cora.id]
    assert session.exec(select(MailedLink.account_id)).all() == [cast.ben.id]
    assert queries.by_email(session, "mia@example.org") is not None
