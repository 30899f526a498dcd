"""Starting processes of one's own, and killing them where they stand."""

import multiprocessing

from django.db import connection

from orders.tests.services import dying

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["orders.tests.setting_up", dying.__name__])


def start(act, point, *, stripe, **facts):
    """A process that does this, once it has come to a point; None if it came to an end before."""
    ours, theirs = processes.Pipe()
    database = connection.settings_dict["NAME"]
    process = processes.Process(
        target=dying.run, args=(act, point, theirs, database, stripe.address, facts), daemon=True
    )
    process.start()
    assert ours.poll(60), "It neither came there nor to an end."
    if ours.recv() == point:
        return process
    process.join()
    return None


def kill(process):
    process.kill()  # SIGKILL: it cannot say goodbye to anybody
    process.join()
    assert process.exitcode == -9
