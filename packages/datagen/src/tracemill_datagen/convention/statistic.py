"""Conventions of statistics, a part of the catalogue: which test, which correction, which shape."""

from __future__ import annotations

from tracemill_datagen.convention.axis import Convention, Option
from tracemill_datagen.convention.turning import Call, by_operator, by_parameter

STATISTICS: tuple[Convention, ...] = (
    Convention(
        axis="test",
        about="Which test compares two samples.",
        concerns="student_p, welch_p, mann_whitney_p; student_t, welch_t",
        options=(
            Option(
                name="Student",
                statement="Use Student's t-test (equal variances).",
                says=r"\bstudent\b|equal variances",
            ),
            Option(
                name="Welch",
                statement="Use Welch's t-test (variances not assumed equal).",
                says=r"\bwelch\b",
            ),
            Option(
                name="Mann-Whitney",
                statement="Use the Mann-Whitney U test (normal approximation, corrected for ties, "
                "with continuity correction).",
                says=r"\bmann-whitney\b",
                denied=r"\bt-test\b|\bt statistic\b",
            ),
        ),
        axis_of=by_operator(
            {
                "Student": (Call("student_p"), Call("student_t")),
                "Welch": (Call("welch_p"), Call("welch_t")),
                "Mann-Whitney": (Call("mann_whitney_p", {"continuity": "yes"}), None),
            }
        ),
    ),
    Convention(
        axis="continuity",
        about="Whether the normal approximation of a rank test is corrected for continuity.",
        concerns="mann_whitney_p with the parameter continuity",
        options=(
            Option(
                name="continuity=yes",
                statement="Correct for continuity.",
                says=r"\bwith continuity correction|(?<!not )\bcorrect for continuity",
            ),
            Option(
                name="continuity=no",
                statement="Do not correct for continuity.",
                says=r"\bwithout continuity correction|\bnot correct for continuity",
            ),
        ),
        axis_of=by_parameter("continuity", {"continuity=yes": "yes", "continuity=no": "no"}),
    ),
    Convention(
        axis="correction",
        about="Whether a chi-square test of a 2 by 2 table is corrected (Yates).",
        concerns="chi_square, chi_square_p with the parameter correction",
        options=(
            Option(
                name="correction=yes",
                statement="Use the continuity correction of Yates.",
                says=r"\bwith continuity correction|\buse the continuity correction",
            ),
            Option(
                name="correction=no",
                statement="Use no continuity correction.",
                says=r"\bwithout continuity correction|\bno continuity correction",
            ),
        ),
        axis_of=by_parameter("correction", {"correction=yes": "yes", "correction=no": "no"}),
    ),
    Convention(
        axis="U",
        about="Whose U statistic is given.",
        concerns="mann_whitney_u with the parameter of",
        options=(
            Option(
                name="U of the first",
                statement="Give U of the sample that is named first: the number of pairs in which "
                "its value is the larger, ties as one half.",
                says=r"u statistic \(of the first of the two samples|u of the sample that is named "
                r"first",
            ),
            Option(
                name="smaller U",
                statement="Give the smaller of the U statistics of the two samples.",
                says=r"the smaller of (those of the two samples|the u statistics of the two)",
            ),
        ),
        axis_of=by_parameter(
            "of", {"U of the first": "first", "smaller U": "smaller"}, of=("mann_whitney_u",)
        ),
    ),
    Convention(
        axis="skewness",
        about="Which of two definitions a skewness has.",
        concerns="skewness with the parameter definition",
        options=(
            Option(
                name="skewness G1",
                statement="Use G1, adjusted for a sample.",
                says=r"\b(?-i:G1)\b",
            ),
            Option(
                name="skewness g1",
                statement="Use g1, of the values as a population.",
                says=r"\b(?-i:g1)\b",
            ),
        ),
        axis_of=by_parameter(
            "definition",
            {"skewness G1": "sample", "skewness g1": "population"},
            of=("skewness",),
        ),
    ),
    Convention(
        axis="kurtosis",
        about="Which of three definitions a kurtosis has.",
        concerns="kurtosis with the parameter definition",
        options=(
            Option(
                name="kurtosis G2",
                statement="Use G2, excess over 3, adjusted for a sample.",
                says=r"\b(?-i:G2)\b",
            ),
            Option(
                name="kurtosis g2",
                statement="Use g2, excess over 3, of the values as a population.",
                says=r"\b(?-i:g2)\b",
            ),
            Option(
                name="kurtosis b2",
                statement="Use b2, which is 3 for a normal distribution.",
                says=r"\b(?-i:b2)\b",
            ),
        ),
        axis_of=by_parameter(
            "definition",
            {"kurtosis G2": "sample", "kurtosis g2": "population", "kurtosis b2": "plain"},
            of=("kurtosis",),
        ),
    ),
)
