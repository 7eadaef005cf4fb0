"""All template families, in one visible tuple.

To add one: copy the smallest (``most_frequent_value.py``), import it here, and add its mirror test.
"""

from __future__ import annotations

from tracemill_datagen.template import (
    correlation_of_columns,
    count_where,
    highest_group,
    mean_of_column,
    median_difference_of_groups,
    most_frequent_value,
    quantile_of_column,
    share_of_category,
    std_of_column,
    top_k_rows,
)
from tracemill_datagen.template.family import Template

TEMPLATES: tuple[Template, ...] = (
    mean_of_column.TEMPLATE,
    count_where.TEMPLATE,
    highest_group.TEMPLATE,
    std_of_column.TEMPLATE,
    share_of_category.TEMPLATE,
    quantile_of_column.TEMPLATE,
    correlation_of_columns.TEMPLATE,
    median_difference_of_groups.TEMPLATE,
    top_k_rows.TEMPLATE,
    most_frequent_value.TEMPLATE,
)
