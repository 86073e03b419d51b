"""Worksheets: short numbers, a right key, a sheet for everybody."""

from __future__ import annotations

import html.parser
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import bpviz as bp
from bpviz.formula import a, h, sqrt, y
from bpviz.worksheets.handout import ClassSet, Worksheet, file_name
from bpviz.worksheets.sheet import Line
from bpviz.worksheets.worksheet import worksheet

NAMES = [f"student {number}" for number in range(12)]


def lines(sheet: Worksheet) -> list[Line]:
    return [line for section in sheet.sheet.sections for line in section.lines]


def files(folder: Path) -> set[str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix() for path in found}


def number(text: str) -> Fraction:
    return Fraction(text.replace("−", "-"))


class Reader(html.parser.HTMLParser):
    """Collects the tags of a page, and the text of each result."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.results: list[str] = []
        self._depth = 0
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append(tag)
        if dict(attrs).get("class") == "result":
            self.results.append("")
            self._depth = 1
        elif self._depth:
            self._depth += 1

    def handle_endtag(self, _tag: str) -> None:
        self._depth = max(0, self._depth - 1)

    def handle_data(self, data: str) -> None:
        if self._depth:
            self.results[-1] += data


def by_hand(sheet: Worksheet) -> dict[str, Fraction]:
    """Compute a 2-2-1 update with ReLU as a student does: unit by unit, in fractions."""
    given = {
        name: [Fraction(str(value)) for value in np.ravel(sheet.trace[name])]
        for name in ("x", "y", "W1", "b1", "W2", "b2")
    }
    x1, x2 = given["x"]
    w11, w12, w21, w22 = given["W1"]
    v1, v2 = given["W2"]
    rate = Fraction(1, 10)
    a1 = [w11 * x1 + w12 * x2 + given["b1"][0], w21 * x1 + w22 * x2 + given["b1"][1]]
    h1 = [max(a, Fraction(0)) for a in a1]
    out = v1 * h1[0] + v2 * h1[1] + given["b2"][0]
    error = out - given["y"][0]
    d1 = [v * error if a > 0 else Fraction(0) for v, a in zip((v1, v2), a1, strict=True)]
    return {
        "a1[0]": a1[0],
        "a1[1]": a1[1],
        "h2[0]": out,
        "loss": error**2 / 2,
        "d1[0]": d1[0],
        "d1[1]": d1[1],
        "gW1[1,0]": d1[1] * x1,
        "nW1[0,0]": w11 - rate * d1[0] * x1,
        "nW1[0,1]": w12 - rate * d1[0] * x2,
        "nb1[1]": given["b1"][1] - rate * d1[1],
        "nW2[0,0]": v1 - rate * error * h1[0],
        "nW2[0,1]": v2 - rate * error * h1[1],
        "nb2[0]": given["b2"][0] - rate * error,
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_key_is_what_a_student_computes_in_fractions(name):
    sheet = worksheet(name)
    on_key = {str(line.target): line for line in lines(sheet)}
    for ref, expected in by_hand(sheet).items():
        assert number(sheet.sheet.problem.text(str(on_key[ref].target))) == expected, ref


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"sizes": (3, 2, 1)},
        {"sizes": (2, 3, 2)},
        {"sizes": (2, 2, 2, 1)},
        {"sizes": (2, 1), "activations": ["identity"]},
        {"numbers": "fractions"},
        {"numbers": "fractions", "sizes": (2, 3, 2)},
        {"rule": bp.Rule(learning_rate=0.5, update="dirty")},
        {"rule": bp.Rule(learning_rate=0.5, train_biases=False)},
        {"rule": bp.Rule(0.1, optimizer=bp.SGD(weight_decay=0.1))},
        {"activations": ["relu", "relu"]},
    ],
    ids=str,
)
def test_every_number_is_short_and_exactly_what_the_core_computes(options):
    for name in NAMES[:4]:
        sheet = worksheet(name, **options)
        trace = bp.backprop(sheet.network, sheet.trace.x, sheet.trace.y, sheet.trace.rule)
        for line in lines(sheet):
            text = sheet.sheet.problem.text(str(line.target))
            assert len(text.removeprefix("−")) <= 5, f"{line.target} is {text}"
            assert float(number(text)) == pytest.approx(float(trace[str(line.target)]), abs=1e-12)
        assert all(
            trace[ref] != 0
            for ref in map(str, (line.target for line in lines(sheet)))
            if ref[0] in "ae"
        )


def test_a_relu_layer_shows_a_unit_that_is_on_and_one_that_is_off():
    for name in NAMES:
        aggregates = worksheet(name).trace["a1"]
        assert sorted(aggregates > 0) == [False, True]
        aggregates = worksheet(name, sizes=(2, 3, 1)).trace["a1"]
        assert (aggregates > 0).sum() == 2


def test_the_update_makes_the_loss_smaller():
    for name in NAMES:
        trace = worksheet(name).trace
        assert bp.backprop(trace.updated, trace.x, trace.y).loss < trace.loss


def test_a_seed_and_a_name_give_the_same_numbers_for_ever():
    trace = worksheet("Ada", seed=7).trace
    given = [trace[name].tolist() for name in ("x", "y", "W1", "b1", "W2", "b2")]
    assert given == GIVEN_OF_ADA
    assert worksheet("Ada", seed=7).html(key=True) == worksheet("Ada", seed=7).html(key=True)
    assert worksheet("Ada", seed=8).html() != worksheet("Ada", seed=7).html()
    assert worksheet("Eve", seed=7).trace.row.tolist() != trace.row.tolist()


GIVEN_OF_ADA = [[-1.0, 2.0], [1.5], [[-1.0, -0.5], [1.0, -1.5]], [1.0, -1.0], [[1.5, -2.0]], [0.5]]


def test_in_a_class_everybody_gets_the_sheet_that_they_would_get_alone():
    sheets = worksheet(names=["Ada", "Eve"], seed=7)
    assert isinstance(sheets, ClassSet)
    assert sheets[1].html(key=True) == worksheet("Eve", seed=7).html(key=True)
    assert [sheet.name for sheet in sheets[:1]] == ["Ada"]
    assert repr(sheets) == "ClassSet(2 worksheets, 2-2-1, bpviz worksheet, seed 7)"
    assert repr(sheets[0]) == "Worksheet('Ada', 2-2-1, bpviz worksheet, seed 7)"


def test_two_students_of_one_name_get_two_sheets_and_two_files(tmp_path):
    sheets = worksheet(names=["Ana", "Ana", " Ana"], path=tmp_path)
    assert [sheet.name for sheet in sheets] == ["Ana", "Ana (2)", "Ana (3)"]
    assert len({tuple(sheet.trace.row) for sheet in sheets}) == 3
    stems = ["1-ana", "2-ana-2", "3-ana-3"]
    students = "for-the-students"
    names = [f"{students}/{stem}{end}" for stem in stems for end in (".html", ".md")]
    ends = ("-key.html", "-key.md", "-marking.html")
    names += [f"for-the-teacher/{stem}{end}" for stem in stems for end in ends]
    teacher = tmp_path / "for-the-teacher"
    names += [f"{students}/all-sheets.html", f"{students}/all-sheets.md"]
    names += [f"for-the-teacher/all-{end}" for end in ("keys.html", "keys.md", "marking.html")]
    assert sorted(files(tmp_path)) == sorted(names)
    assert (teacher / "2-ana-2-key.html").read_text("utf-8") == sheets[1].html(key=True)
    assert (teacher / "all-marking.html").read_text("utf-8") == sheets.marking_scheme()
    for name in ("Ana", "Ana (2)", "Ana (3)"):
        assert f"<bdi>{name}</bdi>" in (teacher / "all-keys.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ada Lovelace", "ada-lovelace"),
        ("../../etc/passwd", "etc-passwd"),
        ("Zoë", "zoë"),
        ("李 雷", "李-雷"),
        ("a" * 200, "a" * 60),
        ("雷" * 40, "雷" * 20),
        ("<script>", "script"),
        ("C:\\x|y?*", "c-x-y"),
        ("🙂", ""),
    ],
)
def test_a_name_becomes_a_safe_file_name(name, expected):
    assert file_name(name) == expected


def test_names_without_letters_still_have_files(tmp_path):
    worksheet(names=["🙂", "🙂"], path=tmp_path)
    assert {"for-the-students/1.html", "for-the-students/2-2.html"} <= files(tmp_path)
    worksheet("con", path=tmp_path / "one")
    assert "for-the-students/worksheet-con.html" in files(tmp_path / "one")


NASTY = "</style><script>alert(\"1\")</script> & 'x' *b* $y$ [l](javascript:z) `c`"


def test_a_name_is_text_and_never_markup():
    sheet = worksheet(NASTY)
    for key in (False, True):
        page = sheet.html(key)
        assert "script" not in Reader(page).tags
        assert page.count("</style>") == 1
        assert "&lt;/style&gt;&lt;script&gt;" in page
        text = sheet.markdown(key)
        assert "<" not in text.split("Name:")[1].split("\n")[0]
        assert r"\*b\* \$y\$ \[l\]\(javascript\:z\) \`c\`" in text


def test_a_name_stays_on_its_line_and_keeps_no_invisible_characters():
    assert worksheet("Ada\n# Love\tlace\x00\u2028").name == "Ada # Love lace"
    assert worksheet("Zoe\u0308").name == "Zoë"


def test_pages_hold_no_script_and_nothing_from_the_network():
    page = worksheet(names=NAMES[:2]).html(key=True)
    assert "script" not in Reader(page).tags
    assert "link" not in Reader(page).tags
    assert set(re.findall(r"https?://[^\"]*", page)) == {
        "http://www.w3.org/1998/Math/MathML",
        "http://www.w3.org/2000/svg",
    }
    assert "url(" not in page
    assert "@import" not in page


def test_the_blank_sheet_has_a_box_for_every_number_of_the_key():
    sheet = worksheet("Ada")
    blank, key = Reader(sheet.html()).results, Reader(sheet.html(key=True)).results
    assert blank == [""] * len(lines(sheet))
    assert key == [sheet.sheet.problem.text(str(line.target)) for line in lines(sheet)]
    assert sheet.markdown().count(r"\underline{\hspace{5em}}") == len(lines(sheet))
    assert sheet.markdown(key=True).count(r"\mathbf{") == len(lines(sheet))


def test_the_picture_of_the_blank_sheet_shows_only_what_is_given():
    sheet = worksheet("Ada")

    def texts(page: str) -> list[str]:
        return re.findall(r"<text [^>]*>([^<]*)</text>", page)

    units = {f"{letter}{number}" for letter, number in (("a", 1), ("h", 1), ("a", 2), ("d", 2))}
    numbers = [sheet.sheet.problem.text(f"{register}[0]") for register in sorted(units)]
    assert len(texts(sheet.html(key=True))) == len(texts(sheet.html())) + 9
    assert set(numbers) <= set(texts(sheet.html(key=True)))


def test_the_sum_to_check_oneself_by():
    sheet = worksheet("Ada")
    new = [sheet.trace[name].sum() for name in ("nW1", "nb1", "nW2", "nb2")]
    total = sheet.sheet.control_sum
    assert float(number(total)) == pytest.approx(sum(new), abs=1e-12)
    assert f"add up to {total}." in sheet.html()
    assert worksheet("Ada", questions=["forward"]).sheet.control_sum is None


def titles(sheet: Worksheet) -> list[tuple[str, bool]]:
    return [(section.title, section.solved) for section in sheet.sheet.sections]


def test_what_is_not_asked_is_solved_before_and_left_out_after():
    assert titles(worksheet("Ada", questions=["backward"])) == [
        ("Forward pass, layer 1", True),
        ("Forward pass, layer 2", True),
        ("Loss", True),
        ("Backward pass, layer 2", False),
        ("Backward pass, layer 1", False),
    ]
    sheet = worksheet("Ada", questions=["backward"])
    solved = sum(len(section.lines) for section in sheet.sheet.sections if section.solved)
    assert sum(result != "" for result in Reader(sheet.html()).results) == solved
    assert sheet.html().count("This part is done for you.") == 3
    assert titles(worksheet("Ada", questions=["forward"])) == [
        ("Forward pass, layer 1", False),
        ("Forward pass, layer 2", False),
    ]


def test_the_dirty_update_comes_in_its_own_order():
    sheet = worksheet("Ada", rule=bp.Rule(learning_rate=0.5, update="dirty"))
    assert [title for title, _ in titles(sheet)] == [
        "Forward pass, layer 1",
        "Forward pass, layer 2",
        "Loss",
        "Backward pass, layer 2",
        "New weights and biases, layer 2",
        "Backward pass, layer 1",
        "New weights and biases, layer 1",
    ]
    assert "dirty update" in sheet.html()
    assert r"W_{2,1,1}^{\text{new}} \, \delta_{2,1}" in sheet.markdown()


def test_biases_that_are_not_trained_are_not_asked():
    sheet = worksheet("Ada", rule=bp.Rule(learning_rate=0.5, train_biases=False))
    assert not [line for line in lines(sheet) if line.target.register.startswith("nb")]
    assert "The biases are not trained." in sheet.html()


@pytest.mark.parametrize(
    ("sizes", "activations"), [((3, 2, 1), ["sigmoid"] * 2), ((2, 2, 3), ["tanh", "softmax"])]
)
def test_other_functions_are_rounded_to_four_digits_and_the_sheet_says_so(sizes, activations):
    sheet = worksheet("Ada", sizes=sizes, activations=activations)
    trace = bp.backprop(sheet.network, sheet.trace.x, sheet.trace.y, sheet.trace.rule)
    assert "4 significant digits" in sheet.html()
    assert "4 significant digits" in sheet.markdown()
    for line in lines(sheet):
        text = sheet.sheet.problem.text(str(line.target))
        assert float(number(text)) == pytest.approx(float(trace[str(line.target)]), rel=5.1e-4)
        assert len(text.strip("−0.").replace(".", "")) <= 4
    assert "4 significant digits" not in worksheet("Ada").html()


@pytest.mark.parametrize("numbers", ["decimals", "fractions"])
def test_momentum_is_asked_in_exact_numbers_with_the_velocity_given(numbers):
    rule = bp.Rule(0.5, optimizer=bp.SGD(momentum=0.5))
    sheet = worksheet("Ada", rule=rule, numbers=numbers)
    exact, half = sheet.sheet.problem.exact, Fraction(1, 2)
    for parameter in ("W1[0,1]", "b1[1]", "W2[0,0]", "b2[0]"):
        velocity = half * exact[f"v{parameter}"] + exact[f"g{parameter}"]
        assert exact[f"v{parameter}"] != 0
        assert exact[f"nv{parameter}"] == velocity
        assert exact[f"n{parameter}"] == exact[parameter] - half * velocity
        assert float(sheet.trace[f"n{parameter}"]) == pytest.approx(float(exact[f"n{parameter}"]))
    asked = [str(line.target) for line in lines(sheet)]
    assert {"nvW1[0,1]", "nW1[0,1]"} < set(asked)
    assert not {"vW1[0,1]", "uW1[0,1]"} & set(asked)
    text = sheet.markdown()
    assert "This is not the first update: the velocity before it is given." in text
    assert r"$v_{1}^{\text{b}} = \begin{bmatrix}" in text
    assert r"W_{1,1,1} - \eta \, v_{1,1,1}^{\text{W,new}}" in text
    assert "Old value minus learning rate times velocity." in text
    new = [exact[ref] for ref in asked if ref.startswith(("nW", "nb"))]
    assert number(sheet.sheet.control_sum) == sum(new)


@pytest.mark.parametrize("update", ["simultaneous", "dirty"])
def test_adam_is_rounded_because_of_its_root_and_the_sheet_says_so(update):
    rule = bp.Rule(0.1, update, optimizer=bp.Adam())
    sheet = worksheet("Ada", rule=rule, numbers="fractions")
    on_sheet = {ref: float(sheet.trace[ref]) for ref in ("mW1[1,0]", "vW1[1,0]", "gW1[1,0]")}
    m, v, gradient = on_sheet.values()
    first, second = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
    change = 0.1 * (first / (1 - 0.9**2)) / (np.sqrt(second / (1 - 0.999**2)) + 1e-8)
    new = float(sheet.trace["W1[1,0]"]) - change
    assert float(sheet.trace["nW1[1,0]"]) == pytest.approx(new, rel=1e-9)
    text = sheet.markdown(key=True)
    assert "A square root is seldom a fraction, so that numbers are rounded." in text
    assert "4 significant digits" in text
    assert r"$t^{\text{new}} = 2$" in text
    assert r"0.001 \cdot \left(\frac{\partial L}{\partial W_{1,2,1}}\right)^{2}" in text
    # What is given is given to all its digits.
    for name in ("mW1", "vW1", "mb2", "vb2"):
        for value in np.ravel(sheet.trace[name]):
            assert float(f"{value:.4g}") == value


def test_a_rule_with_numbers_too_long_for_the_sheet_is_rounded():
    sheet = worksheet("Ada", rule=bp.Rule(0.1, optimizer=bp.SGD(weight_decay=0.0005)))
    assert sheet.sheet.problem.exact is None
    assert "r_{1,1,1}" in sheet.markdown()


def test_softmax_is_asked_with_the_cross_entropy():
    sheet = worksheet("Ada", sizes=(2, 2, 3), activations=["relu", "softmax"])
    assert sheet.network.loss is bp.cross_entropy
    assert sorted(sheet.trace.y) == [0, 0, 1]
    assert "cross-entropy" in sheet.html()


@pytest.mark.parametrize(
    ("loss", "is_exact", "said"),
    [
        (None, True, "Half the squared distance"),
        ("huber", True, "The loss is that of Huber"),
        (bp.Loss("quartic", (h - y) ** 4), True, "The loss is the quartic. Then its derivative"),
        (bp.Loss("rooted", sqrt(1 + (h - y) ** 2)), False, "The loss is the rooted."),
    ],
    ids=str,
)
def test_another_loss_is_asked_in_its_own_words(loss, is_exact, said):
    sheet = bp.worksheet(seed=1, loss=loss)
    net = sheet.trace.network
    assert net.loss == (loss if isinstance(loss, bp.Loss) else getattr(bp, loss or "squared_error"))
    assert (sheet.sheet.problem.exact is not None) is is_exact
    assert said in sheet.html()
    output, target = float(sheet.trace.output[0]), float(sheet.trace.y[0])
    assert float(sheet.trace.loss) == pytest.approx(float(net.loss([output], [target])))


def test_the_binary_cross_entropy_is_asked_with_the_sigmoid():
    sheet = bp.worksheet(activations=["tanh", "sigmoid"], loss="binary_cross_entropy")
    assert "The loss is the binary cross-entropy. It is taken from the aggregate" in sheet.html()
    assert float(sheet.trace["d2[0]"]) == float(sheet.trace.output[0] - sheet.trace.y[0])


def test_the_last_layer_is_by_default_what_the_loss_needs():
    binary = bp.worksheet(loss="binary_cross_entropy", seed=1).trace.network
    classes = bp.worksheet(loss="cross_entropy", sizes=(2, 2, 3), seed=1).trace.network
    assert [net.layers[-1].activation for net in (binary, classes)] == [bp.sigmoid, bp.softmax]


@pytest.mark.parametrize(
    "function",
    [
        bp.Activation("isru", a / (1 + a**2) ** 0.5),
        bp.Activation("isru_by_root", a / sqrt(1 + a**2)),
        bp.Activation("bump", 1 / (1 + a**2)),
    ],
    ids=repr,
)
def test_what_is_seldom_a_short_fraction_is_rounded(function):
    sheet = bp.worksheet(activations=[function, function], numbers="fractions")
    assert sheet.sheet.problem.exact is None
    aggregate = float(sheet.trace["a1[0]"])
    assert float(sheet.trace["h1[0]"]) == pytest.approx(float(function([aggregate])[0]))


def test_a_whole_power_is_a_fraction():
    cube = bp.Activation("cube", a**3)
    exact = bp.worksheet(activations=[cube, "identity"], numbers="fractions").sheet.problem.exact
    assert exact["h1[0]"] == exact["a1[0]"] ** 3


def test_fractions_are_set_as_fractions():
    sheet = worksheet("Ada", numbers="fractions")
    assert "<mfrac><mn>1</mn><mn>2</mn></mfrac>" in sheet.html(key=True)
    assert r"\tfrac{1}{2}" in sheet.markdown(key=True)


def test_formulas_can_be_left_to_the_student():
    with_formulas, without = worksheet("Ada"), worksheet("Ada", formulas=False)
    formula = r"\delta_{1,1} = \frac{\partial L}{\partial h_{1,1}} \cdot f'(a_{1,1})"
    assert formula in with_formulas.markdown()
    assert formula not in without.markdown()
    assert without.trace.row.tolist() == with_formulas.trace.row.tolist()


def test_the_paper_is_asked_for():
    assert "size: A4;" in worksheet().html()
    assert "size: letter;" in worksheet(paper="Letter").html()


def test_a_sheet_without_a_name_has_a_line_to_write_it_on():
    assert 'Name: <span class="write"></span>' in worksheet().html()
    assert "Name: " + r"\_" * 30 in worksheet().markdown()


def test_a_notebook_shows_the_blank_sheet_shut_off_from_the_page():
    shown = worksheet("Ada")._repr_html_()
    assert shown.startswith("<p>Worksheet(&#x27;Ada&#x27;, 2-2-1, ")
    assert '<iframe title="worksheet" sandbox=""' in shown
    assert "<h1>" not in shown


def test_an_interrupted_writing_leaves_the_old_file(tmp_path, monkeypatch):
    (file, *_) = worksheet("Ada").save(tmp_path)
    before = file.read_bytes()

    def full(*_args: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space left"):
        worksheet("Ada", seed=1).save(tmp_path)
    assert file.read_bytes() == before
    assert not list(tmp_path.glob("*.part"))
    assert not list(tmp_path.glob(".*.part"))


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"names": "Ada"}, TypeError, "names is 'Ada'; give a list such as"),
        ({"names": []}, ValueError, "names is empty"),
        ({"names": ["Ada", 5]}, TypeError, r"names\[1\] is 5; give a name as a string"),
        ({"name": "A", "names": ["B"]}, ValueError, "names is given too; give one of them"),
        ({"name": None}, TypeError, "name is None; give a name as a string"),
        ({"sizes": [2]}, ValueError, "give the inputs and at least one layer"),
        ({"sizes": 5}, TypeError, "sizes is 5; give a list such as"),
        ({"sizes": [2, 0, 1]}, ValueError, r"sizes\[1\] must be at least 1"),
        ({"sizes": [6, 6, 6]}, ValueError, "with 84 weights and biases; a sheet has room for 6"),
        ({"activations": ["relu"]}, ValueError, "activations"),
        ({"activations": "relu"}, TypeError, "activations is 'relu'; give a list"),
        ({"activations": ["relu", "swish"]}, ValueError, "activations is 'swish'; choose one of"),
        ({"questions": "forward"}, TypeError, "questions is 'forward'; give a list such as"),
        ({"questions": []}, ValueError, "questions is empty; ask at least one of forward"),
        ({"questions": ["why"]}, ValueError, "questions is 'why'; choose one of 'forward'"),
        ({"rule": 0.1}, TypeError, "rule is float; give a bpviz.Rule"),
        (
            {"rule": bp.Rule(mistakes=("error_sign_flipped",))},
            ValueError,
            "error_sign_flipped; an answer key must be right",
        ),
        ({"rule": bp.Rule(learning_rate=0.12345)}, ValueError, "rate 0.12345; choose smaller"),
        ({"numbers": "roman"}, ValueError, "numbers is 'roman'; choose one of 'decimals'"),
        ({"paper": "A5"}, ValueError, "paper is 'A5'; choose one of 'A4', 'Letter'"),
        ({"seed": -1}, ValueError, "seed is -1; give 0 or a greater number"),
        ({"seed": "7"}, TypeError, "seed must be a whole number"),
    ],
    ids=str,
)
def test_errors_say_what_came_and_what_to_give(options, error, message):
    with pytest.raises(error, match=message):
        worksheet(**options)


def test_a_path_must_be_a_folder(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(FileExistsError, match="a file; give a folder"):
        worksheet(path=tmp_path / "file")


def test_the_key_is_not_made_if_the_core_disagrees(monkeypatch):
    from bpviz.worksheets import friendly

    wrong = bp.backprop(bp.presets.xor().network, [1.0, 1.0], [1.0])
    monkeypatch.setattr(friendly, "backprop_after", lambda *_: wrong)
    with pytest.raises(ArithmeticError, match="the sheet would be wrong, so none is made"):
        worksheet("Ada")
