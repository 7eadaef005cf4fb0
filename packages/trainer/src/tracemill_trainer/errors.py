"""What can go wrong here, drawn once.

TracemillError                 exit code 3
|-- NotJudged                  no evidence says whether a long training may begin
|-- UsageFault                 exit code 2
|   |-- BadSetting             a setting that cannot be met here: budget, device, step
|   |-- DatasetAbsent          no dataset, file or split where the setting points
|   |-- NothingToDo            no example or question is left after the filters
|   |-- ModelAbsent            no finished training where the setting points
|   `-- OtherTraining          the folder holds a training of other settings or data
`-- FaultsFound                exit code 1
    |-- DatasetChanged         a file is not what the dataset's manifest says
    |-- TooLong                too many examples do not fit into a row
    |-- CheckpointBroken       no checkpoint can be read, or it is of another model
    |-- CompletionsMismatch    completions that do not belong to the questions or the model
    |-- LossNotFinite          the loss became NaN or infinite
    |-- NotReady               the evidence of readiness is red; the message lists the faults
    `-- SmokeFailed            the smoke check found a fault
"""

from __future__ import annotations

from tracemill_schema.errors import FaultsFound, TracemillError, UsageFault


class NotJudged(TracemillError):
    """No evidence about this dataset and this trainer says whether it may be trained on for long.

    That is neither a fault of the dataset nor of the request: nobody has looked.
    """


class BadSetting(UsageFault):
    """A setting that cannot be met here."""


class DatasetAbsent(UsageFault):
    """There is no dataset, file or split where the setting points."""


class NothingToDo(UsageFault):
    """No example or question is left after the filters."""


class ModelAbsent(UsageFault):
    """There is no finished training where the setting points."""


class OtherTraining(UsageFault):
    """The folder holds a training of other settings or data."""


class DatasetChanged(FaultsFound):
    """A file of the dataset is not what its manifest says."""


class TooLong(FaultsFound):
    """Too many examples do not fit into a row."""


class CheckpointBroken(FaultsFound):
    """No checkpoint of the folder can be read, or it is of another model."""


class CompletionsMismatch(FaultsFound):
    """Completions that do not belong to the questions or to the model."""


class LossNotFinite(FaultsFound):
    """The loss became NaN or infinite."""


class NotReady(FaultsFound):
    """The evidence of readiness is red."""


class SmokeFailed(FaultsFound):
    """The smoke check found a fault."""
