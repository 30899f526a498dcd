"""Jobs: begun once, told how far they are, found again when their worker died, and their files gone in time."""

import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import Activity
from media_pipeline.storing import open_stored
from notifications.models import Job, Notification
from notifications.models.job import DONE, FAILED, RUNNING, WAITING
from notifications.services import jobs, working
from notifications.services.jobs import keep_file, progress, register_job, start_job
from notifications.tasks import remove_old_job_files, run_job, run_waiting_jobs
from openevent.core.refusals import Refused


@pytest.fixture(autouse=True)
def _own_kinds(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(working, "_kinds", {})
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def begin(ada, django_capture_on_commit_callbacks):
    """Starts a job of ada's that does this, and lets the worker have it."""

    def begun(run, *, works=True, is_repeatable=False, **arguments):
        register_job("count", run, is_repeatable=is_repeatable)
        with django_capture_on_commit_callbacks(execute=works):
            job = start_job("count", by=ada, title="Counting", **arguments)
        job.refresh_from_db()
        return job

    return begun


def write_a_line(job):
    keep_file(job, "line.csv", io.BytesIO(b"one,two\r\n"))
    return "1 row."


def test_a_job_does_its_work_and_says_what_came_of_it(begin, ada):
    job = begin(lambda job, upto: f"{job.user.first_name} counted to {upto}.", upto=3)
    assert (job.status, job.message, job.percent) == (DONE, "Ada counted to 3.", 100)
    assert job.finished_at is not None
    assert Activity.objects.get(action="job.started").actor == ada


def test_a_job_tells_how_far_it_is(begin):
    seen = []

    def count(job):
        progress(job, 30, 120)
        seen.append(Job.objects.get(pk=job.pk).percent)
        return ""

    begin(count)
    assert seen == [25]


def test_progress_is_written_down_now_and_then(begin, django_assert_max_num_queries):
    def count(job):
        with django_assert_max_num_queries(4):
            for done in range(1000):
                progress(job, done, 1000)
        return "Counted."

    assert begin(count).status == DONE


def test_a_refusal_is_told_in_its_own_words_and_a_fault_is_not(begin):
    def refuse(job):
        raise Refused("no-more", "You are not on the team any more.")

    def break_down(job):
        raise ZeroDivisionError("secret-of-the-house")

    assert (begin(refuse).status, begin(refuse).message) == (FAILED, "You are not on the team any more.")
    job = begin(break_down)
    assert job.status == FAILED
    assert "secret" not in job.message


def test_whoever_had_to_wait_finds_it_behind_the_bell(begin, ada):
    begin(write_a_line)
    assert not Notification.objects.exists()  # they still look at the page
    job = begin(write_a_line, works=False)
    Job.objects.filter(pk=job.pk).update(created_at=timezone.now() - working.LEFT_ALONE)
    run_job(str(job.pk))
    told = Notification.objects.get()
    assert (told.user, told.title, told.action) == (ada, "Counting is done", f"/manage/jobs/{job.pk}")


def test_a_kind_that_nobody_does_is_a_mistake_of_the_caller(ada):
    with pytest.raises(LookupError, match="knitting"):
        start_job("knitting", by=ada, title="Knitting")


def test_a_job_is_begun_once_however_often_it_is_queued(begin):
    begun = []
    job = begin(lambda job: begun.append(1) or "")
    run_job(str(job.pk))
    assert begun == [1]


def test_nobody_fills_the_queue(begin):
    for _ in range(jobs.MOST_AT_ONCE):
        begin(write_a_line, works=False)
    with pytest.raises(Refused) as refusal:
        begin(write_a_line)
    assert refusal.value.status == 429


def test_a_job_that_no_worker_got_is_begun_by_the_clock(begin):
    job = begin(lambda job: "Late.", works=False)
    run_waiting_jobs()
    job.refresh_from_db()
    assert job.status == WAITING  # the queue has a while to bring it
    Job.objects.update(created_at=timezone.now() - working.PATIENCE - timedelta(seconds=1))
    run_waiting_jobs()
    job.refresh_from_db()
    assert (job.status, job.message) == (DONE, "Late.")


def silence(job, **changes):
    """As if its worker had died."""
    Job.objects.filter(pk=job.pk).update(
        status=RUNNING, beat_at=timezone.now() - working.SILENCE - timedelta(seconds=1), **changes
    )


def test_a_job_whose_worker_died_is_told_as_failed(begin):
    job = begin(lambda job: "Never.", works=False)
    silence(job)
    run_waiting_jobs()
    job.refresh_from_db()
    assert (job.status, job.message) == (FAILED, working.STOPPED)


def test_a_job_that_can_be_repeated_is_begun_again(begin):
    job = begin(lambda job: "The second time.", works=False, is_repeatable=True)
    silence(job)
    run_waiting_jobs()
    job.refresh_from_db()
    assert (job.status, job.message) == (DONE, "The second time.")


def test_a_job_that_kills_its_workers_is_not_begun_for_ever(begin):
    job = begin(lambda job: "Never.", works=False, is_repeatable=True)
    silence(job, created_at=timezone.now() - working.LONGEST)
    run_waiting_jobs()
    job.refresh_from_db()
    assert job.status == FAILED


def test_a_worker_that_was_thought_dead_stops_and_leaves_no_file(begin, tmp_path):
    def sleep_too_long(job):
        silence(job)
        run_waiting_jobs()
        return write_a_line(job)

    job = begin(sleep_too_long)
    assert (job.status, job.message, job.file_key) == (FAILED, working.STOPPED, "")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_file_is_kept_until_its_time_is_over(begin):
    job = begin(write_a_line)
    with open_stored(job.file_key) as file:
        assert (job.file_name, file.read()) == ("line.csv", b"one,two\r\n")
    remove_old_job_files()
    assert default_storage.exists(job.file_key)
    Job.objects.update(expires_at=timezone.now())
    remove_old_job_files()
    assert not default_storage.exists(job.file_key)
    job.refresh_from_db()
    assert (job.file_key, job.file_name, job.message) == ("", "line.csv", "1 row.")


def test_a_file_is_not_served_by_its_name(begin, client):
    job = begin(write_a_line)
    assert client.get(f"/media/{job.file_key}").status_code == 404


def test_the_name_of_a_file_leads_nowhere_else(begin):
    job = begin(lambda job: keep_file(job, "../of/\r\nSet-Cookie: a=b", io.BytesIO(b"")))
    assert "/" not in job.file_name
    assert "\n" not in job.file_name


def test_a_second_file_takes_the_place_of_the_first(begin):
    kept = []

    def write_twice(job):
        write_a_line(job)
        kept.append(job.file_key)
        return write_a_line(job)

    job = begin(write_twice)
    assert not default_storage.exists(kept[0])
    assert default_storage.exists(job.file_key)
