"""Every figure that the lectures print is in the output of the notebook where it is looked for."""

import pytest

from tests.notebooks.course import FOLDER, printed

FIRST_LECTURE = [
    "array([0.03511903, 0.25949646, 0.70538451])",
    "array([0.88079708, 0.98201379, 0.99330715])",
    "array([2., 4., 5.])",
    "(3,)\n0.99999992",
    "[[ 0.5 -0.6]\n [ 0.1 -0.2]\n [ 0.1  0.7]]",
    "[[ 0.1 -0.3]]",
    "[0.55971365 0.38698582]",
    "0.48497343084992534",
    "Change in weights for hidden layer to output layer:\n[-0.00804047 -0.00555918]",
    """Change in weights for input layer to hidden layer:
[[-1.77005547e-04  5.11178506e-04]
 [-3.54011093e-05  1.02235701e-04]
 [ 7.08022187e-05 -2.04471402e-04]]""",
]

# The lecture prints columns; a notebook prints the same numbers in a row.
SECOND_LECTURE = [
    "shape of x : (4, 2) y : (4, 1)",
    "[[-0.15135721 -0.10321885]]",
    "[0.95008842]",
    "[[ 0.97873798  2.2408932 ]\n [ 1.86755799 -0.97727788]]",
    "a1 [4.98368353 1.29043732]",
    "h1 [4.98368353 1.29043732]",
    "a2 [0.06257453]",
    "h2 [0.06257453]",
    "[0.87876651]",
    "error         [-0.93742547]",
    "slope         [1.]\ndelta         [-0.93742547]",
    "[[-4.67183186 -1.20968881]]",
    "learning rate : 0.01\nold weights [[-0.15135721 -0.10321885]]",
    "[[-0.10463889 -0.09112196]]",
    "slope [1. 1.]\ndelta [0.09809116 0.08542005]",
    "[[0.09809116 0.09809116]\n [0.08542005 0.08542005]]",
    "[[ 0.97775707  2.23991229]\n [ 1.86670379 -0.97813208]]",
    "0.6390650461887798",
    "0.5166529306773665",
]


@pytest.mark.parametrize("figure", FIRST_LECTURE)
def test_the_first_lecture(figure: str) -> None:
    assert figure in printed(FOLDER / "06_three_two_one.ipynb")


@pytest.mark.parametrize("figure", SECOND_LECTURE)
def test_the_second_lecture(figure: str) -> None:
    assert figure in printed(FOLDER / "07_xor.ipynb")


@pytest.mark.parametrize("figure", FIRST_LECTURE[-3:])
def test_the_notebooks_on_both_passes_come_to_the_lectures_numbers(figure: str) -> None:
    both = [printed(FOLDER / f"{stem}.ipynb") for stem in ("03_forward_pass", "05_backward_pass")]
    assert figure in "\n".join(both)
