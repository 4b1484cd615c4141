"""From settings to ways out."""

from pathlib import Path

from streams.channels.ways import MailServer, Ways
from streams.knowledge import load
from streams.shell.settings import load_settings
from streams.shell.ways_out import ways_of


def test_without_any_setting_there_is_no_mail_and_all_hosts_are_public() -> None:
    assert ways_of(load_settings({})) == Ways()


def test_what_is_set_opens_its_way_and_no_password_is_shown(tmp_path: Path) -> None:
    ways = ways_of(
        load_settings(
            {
                "DRAGOMAN_SMTP_HOST": "mail.example",
                "DRAGOMAN_SMTP_PORT": "465",
                "DRAGOMAN_SMTP_SECURITY": "tls",
                "DRAGOMAN_SMTP_USER": "desk",
                "DRAGOMAN_SMTP_PASSWORD": "hunter2",
                "DRAGOMAN_SMTP_SENDER": "desk@news.example",
                "DRAGOMAN_PRIVATE_HOSTS": "Hook.example,10.0.0.1,[::1]",
                "DRAGOMAN_PUBLIC_URL": "https://dragoman.example/news/",
            }
        )
    )

    assert ways == Ways(
        mail=MailServer("mail.example", "desk@news.example", 465, "tls", "desk", "hunter2"),
        private_hosts=frozenset({"hook.example", "10.0.0.1", "::1"}),
        pages="https://dragoman.example/news",
    )
    assert "hunter2" not in repr(ways)


def test_countries_and_topics_have_the_names_of_the_data_files() -> None:
    ways = ways_of(load_settings({}), load(forests=False))

    assert (ways.countries["EC"], ways.topics["migration"]) == ("Ecuador", "Migration")
