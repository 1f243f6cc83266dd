from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlmodel import Session, select

from asset_hub.communities.models import Outcode, Postcode

ONSPD = """\ufeffpcd,pcd2,pcds,dointr,lat,long,lsoa21
M32 0LG,M32  0LG,M32 0LG,198001,53.445981,-2.308729,E01006108
M320LH,M32  0LH,M32 0LH,198001,53.446100,-2.309000,E01006108
ZZ99 9ZZ,ZZ99 9ZZ,ZZ99 9ZZ,198001,99.999999,0.000000,
nonsense,nonsense,nonsense,198001,53.4,-2.3,
M32 0LJ,M32  0LJ,M32 0LJ,198001,north,-2.3,
"""


def load(app: Flask, tmp_path: Path, text: str, command: str = "load-postcodes") -> Result:
    file = tmp_path / "places.csv"
    file.write_text(text)
    return app.test_cli_runner().invoke(args=["places", command, str(file)])


def told(result: Result) -> dict[str, str]:
    return dict(line.split()[:2] for line in result.output.splitlines() if len(line.split()) == 2)


def test_a_file_like_onspd_is_loaded_and_every_refusal_named(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    result = load(app, tmp_path, ONSPD)

    words = ("read", "added", "changed", "unchanged", "repeated", "refused")
    assert told(result) == dict(zip(words, ["5", "2", "0", "0", "0", "3"], strict=True))
    assert "row 4: it has no location" in result.output
    assert "row 5: “nonsense” is not a postcode" in result.output
    assert "row 6: latitude or longitude is not a number" in result.output
    found = session.get(Postcode, "M32 0LG")
    assert found is not None
    assert (found.outcode, found.latitude, found.longitude) == ("M32", 53.445981, -2.308729)


def test_loading_it_again_changes_nothing(app: Flask, session: Session, tmp_path: Path) -> None:
    load(app, tmp_path, ONSPD)

    again = told(load(app, tmp_path, ONSPD))

    assert (again["added"], again["changed"], again["unchanged"]) == ("0", "0", "2")


def test_a_moved_postcode_is_moved(app: Flask, session: Session, tmp_path: Path) -> None:
    load(app, tmp_path, ONSPD)

    moved = load(app, tmp_path, "Longitude,Postcode,Latitude\n-2.5,m320lg,53.5\n")

    assert told(moved)["changed"] == "1"
    session.expire_all()
    assert session.exec(select(Postcode.latitude).where(Postcode.code == "M32 0LG")).one() == 53.5


def test_a_postcode_written_twice_is_counted(app: Flask, session: Session, tmp_path: Path) -> None:
    result = load(app, tmp_path, "postcode,lat,lng\nM1 1AE,53.4,-2.2\nm11ae,53.5,-2.2\n")

    assert (told(result)["added"], told(result)["repeated"]) == ("1", "1")


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "postcode,lat\nM1 1AE,53\n"])
def test_a_file_without_the_columns_says_which_are_missing(
    app: Flask, session: Session, tmp_path: Path, text: str
) -> None:
    result = load(app, tmp_path, text)
    assert result.exit_code == 1
    assert "The file has no column named" in result.output


def test_many_refusals_are_counted_and_a_few_shown(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    result = load(app, tmp_path, "postcode,lat,lon\n" + "x,1,1\n" * 30)
    assert "and 10 more" in result.output


def test_outcodes_are_loaded_with_their_town(app: Flask, session: Session, tmp_path: Path) -> None:
    text = "postcode,latitude,longitude,town\nM32,53.45,-2.31,Stretford\nM32 0LG,53,-2,\nM50,,,\n"

    result = load(app, tmp_path, text, "load-outcodes")

    assert (told(result)["added"], told(result)["refused"]) == ("1", "2")
    found = session.get(Outcode, "M32")
    assert found is not None
    assert found.town == "Stretford"
