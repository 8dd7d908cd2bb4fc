"""Why a job or a batch is refused, and what a worker finds in its way."""

from syncserver.kit.errors import ServerError


class FileTypeUnsupported(ServerError):
    """The content is not a PDF, TIFF, PNG or JPEG, whatever the name says."""

    code = "file_type_unsupported"
    status = 415


class FileEmpty(ServerError):
    """There are no bytes."""

    code = "file_empty"
    status = 422


class JobEnded(ServerError):
    """The job ended already: there is nothing to cancel."""

    code = "job_ended"
    status = 409


class JobNotRetryable(ServerError):
    """The job waits, is being read, or completed; or its original is gone."""

    code = "job_not_retryable"
    status = 409


class NotExportable(ServerError):
    """The job has nothing to export, or not in this form."""

    code = "not_exportable"
    status = 409


class OriginalGone(ServerError):
    """The original was deleted when its time was over."""

    code = "original_gone"
    status = 410


class ClaimLost(ServerError):
    """Somebody else has the job now, or nobody wants it any more: what this worker found is not wanted."""

    code = "claim_lost"


class QueueUnusable(ServerError):
    """The workers cannot be reached, or do not run."""

    code = "queue_unusable"
