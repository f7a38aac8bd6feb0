import json
from io import StringIO

import pytest
from django.core.management import call_command

from puyou.compliance import actions as compliance
from puyou.core import clock
from puyou.places.models import Place
from puyou.places.queries import get_place
from puyou.registry.models import Duty

pytestmark = pytest.mark.django_db
HEAD = "village_code,area_class,times,period,from,to\n"


@pytest.fixture(autouse=True)
def _home(settings, tmp_path):
    settings.PUYOU_HOME = tmp_path / "home"


@pytest.fixture
def village():
    return Place.objects.filter(level=5, path__startswith=get_place("5201").path).order_by("code").first()


@pytest.fixture
def judged(monkeypatch):
    """What the judge was asked, instead of judging."""
    asked = []
    monkeypatch.setattr(compliance, "judge_range", lambda *what, **how: asked.append((what, how)))
    return asked


def run(path):
    out = StringIO()
    call_command("import_duties", str(path), "--json", stdout=out)
    return json.loads(out.getvalue())


def test_it_prints_one_document_that_adds_up_and_judges_what_it_touched(tmp_path, village, judged):
    path = tmp_path / "duties.csv"
    path.write_text(f"{HEAD}{village.code},rural,3,week,2026-01-01,\nnonsense,rural,3,week,2026-01-01,\n")
    said = run(path)
    assert said["read"] == said["accepted"] + said["duplicate"] + said["rejected"] == 2
    assert said["reject_file"].endswith(".csv")
    ((first, last, place_ids), how), *others = judged
    assert (str(first), last, place_ids.tolist()) == ("2026-01-01", clock.today(), [village.pk])
    assert how["cause"] == "duty" and not others


@pytest.mark.parametrize("first", ["2026-01-01", "2090-01-01"])
def test_nothing_new_or_nothing_yet_is_not_judged(tmp_path, village, judged, first):
    path = tmp_path / "duties.csv"
    path.write_text(f"{HEAD}{village.code},rural,3,week,{first},\n")
    run(path)
    run(path)
    assert len(judged) == (first < "2090")


def test_a_judgement_that_fails_takes_the_duties_with_it(tmp_path, village, monkeypatch):
    monkeypatch.setattr(compliance, "judge_range", lambda *what, **how: 1 / 0)
    path = tmp_path / "duties.csv"
    path.write_text(f"{HEAD}{village.code},rural,3,week,2026-01-01,\n")
    with pytest.raises(ZeroDivisionError):
        run(path)
    assert not Duty.objects.exists()


@pytest.mark.parametrize("name", ["nowhere.csv", "duties.txt", "."])
def test_wrong_use_ends_with_two(tmp_path, capsys, name):
    (tmp_path / "duties.txt").write_text(HEAD)
    with pytest.raises(SystemExit) as caught:
        run(tmp_path / name)
    assert caught.value.code == 2
    assert capsys.readouterr().out == ""


def test_the_real_judge_takes_it(tmp_path, village):
    path = tmp_path / "duties.csv"
    path.write_text(f"{HEAD}{village.code},rural,3,week,2026-10-05,\n")
    assert run(path)["accepted"] == 1
