"""Jobs and batches that come through the API: taken in, queued in the database, read by workers, ended once each.

`service.py` is what people ask for, `queue.py` what workers do; `work.py` reads one job; `pool.py` and `celery_bell.py`
are the two ways to have workers (`workers.py`); `sweeper.py` mends what a crash left.
"""
