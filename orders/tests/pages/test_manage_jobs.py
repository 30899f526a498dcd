"""Jobs on their pages: watched, downloaded by their owner, gone in time."""

import io
from datetime import timedelta

import boto3
import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from media_pipeline.storing import remove_stored
from notifications.models import Job
from notifications.models.job import RUNNING
from notifications.services import working
from notifications.services.jobs import keep_file, register_job, start_job


@pytest.fixture(autouse=True)
def _own_kinds(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(working, "_kinds", {})
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def begin(ada, event, django_capture_on_commit_callbacks):
    def begun(*, works=True, **options):
        register_job("list", write, **options)
        with django_capture_on_commit_callbacks(execute=works):
            job = start_job("list", by=ada, title="People <b>of</b> Harbour Days", event_id=event.pk)
        job.refresh_from_db()
        return job

    return begun


def write(job):
    keep_file(job, "people – Łódź.csv", io.BytesIO("name\r\nZoë\r\n".encode()))
    return "1 person."


def page_of(job, name="job"):
    return reverse(name, args=[job.pk])


def test_the_file_is_downloaded_and_shown_by_no_browser(client, ada, begin):
    job = begin()
    client.force_login(ada)
    answer = client.get(page_of(job, "job-file"))
    assert b"".join(answer.streaming_content).decode() == "name\r\nZoë\r\n"
    assert answer["Content-Type"].startswith("text/csv")
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''people")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "private" in answer["Cache-Control"]


@pytest.mark.parametrize("name", ["job", "job-file"])
def test_nobody_else_gets_it_even_with_the_exact_address(client, begin, cora, eve, root, name):
    job = begin()
    for person in (cora, eve, root):
        client.force_login(person)
        assert client.get(page_of(job, name)).status_code == 404
    client.logout()
    assert client.get(page_of(job, name)).status_code == 302


def test_after_its_time_a_page_says_that_it_is_gone(client, ada, begin):
    job = begin()
    client.force_login(ada)
    Job.objects.update(expires_at=timezone.now())
    answer = client.get(page_of(job, "job-file"))
    assert answer.status_code == 410
    assert "This file is gone" in answer.content.decode()
    assert "Download" not in client.get(page_of(job)).content.decode()


def test_a_file_that_the_storage_lost_is_gone_too(client, ada, begin):
    job = begin()
    remove_stored(job.file_key)
    client.force_login(ada)
    assert client.get(page_of(job, "job-file")).status_code == 410


def test_whoever_left_the_team_leaves_its_files(client, ada, begin):
    job = begin(may_have=lambda job: False)
    client.force_login(ada)
    assert client.get(page_of(job, "job-file")).status_code == 403


def test_a_job_without_a_file_has_none_to_download(client, ada, begin):
    job = begin(works=False)
    client.force_login(ada)
    assert client.get(page_of(job, "job-file")).status_code == 404


def test_the_page_shows_how_far_it_is_and_asks_again_until_it_is_over(client, ada, begin):
    job = begin(works=False)
    Job.objects.update(status=RUNNING, done=25, total=100, beat_at=timezone.now())
    client.force_login(ada)
    page = client.get(page_of(job)).content.decode()
    assert 'max="100" value="25"' in page
    assert 'hx-trigger="every 1s"' in page
    assert "People &lt;b&gt;of&lt;/b&gt; Harbour Days" in page
    Job.objects.update(status="waiting", beat_at=None, created_at=timezone.now() - timedelta(hours=1))
    working.work_on(job.pk)
    part = client.get(page_of(job), headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" not in part
    assert "1 person." in part
    assert page_of(job, "job-file") in part
    assert "<html" not in part


def test_the_list_shows_ones_own_jobs(client, ada, cora, begin, django_assert_num_queries):
    begin()
    begin()
    client.force_login(cora)
    assert "No jobs yet" in client.get(reverse("jobs")).content.decode()
    client.force_login(ada)
    page = client.get(reverse("jobs")).content.decode()
    assert page.count("People &lt;b&gt;of") == 2


def test_a_file_in_a_bucket_is_handed_out_by_us_and_removed_in_time(client, ada, begin, settings, s3_address):
    access = {"endpoint_url": s3_address, "aws_access_key_id": "a", "aws_secret_access_key": "s"}
    boto3.client("s3", region_name="us-east-1", **access).create_bucket(Bucket="files-of-jobs")
    options = {"bucket_name": "files-of-jobs", "access_key": "a", "secret_key": "s", "endpoint_url": s3_address}
    bucket = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": {**options, "max_memory_size": 8}}
    settings.STORAGES = {**settings.STORAGES, "default": bucket}
    job = begin()
    client.force_login(ada)
    answer = client.get(page_of(job, "job-file"))
    assert b"".join(answer.streaming_content).decode() == "name\r\nZoë\r\n"
    Job.objects.update(expires_at=timezone.now())
    assert working.remove_old_files() == 1
    assert not default_storage.exists(job.file_key)
