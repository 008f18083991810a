"""Disks that are full or read-only, and files that others delete, replace or damage."""

import os
import shutil
import signal
import subprocess
import time

import pytest
from processes import wait_until
from sweeps import BAD_USAGE, COMPLETE, INTERRUPTED, digest, open_file

MEGABYTE = 1 << 20


@pytest.fixture
def small_disk(folder):
    """A function that mounts an empty disk of some bytes in the working directory."""
    disk = folder / "disk"
    disk.mkdir()

    def mount(size):
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)],
                                 capture_output=True, text=True)
        if mounted.returncode != 0:
            pytest.skip(f"NOT TESTED: full disks need the right to mount one: {mounted.stderr}")
        return disk

    yield mount
    subprocess.run(["umount", "--lazy", str(disk)], capture_output=True)


def fill(disk):
    """Leaves not a byte."""
    with open(disk / "filler", "wb", buffering=0) as filler:
        try:
            while filler.write(b"x" * 4096):
                pass
        except OSError:
            pass
    assert os.statvfs(disk).f_bavail == 0


# From none at all to almost enough: no room for the lock, the metadata, the state, the seal.
@pytest.mark.parametrize("kilobytes", [0, 4, 16, 64, 128, 200, 256])
def test_a_disk_too_small_for_the_file_is_told_and_left_empty(quotesweep, folder, small_disk, tiny,
                                                              kilobytes):
    disk = small_disk(MEGABYTE)
    with open(disk / "filler", "wb") as filler:
        filler.write(b"x" * (MEGABYTE - kilobytes * 1024))
    refused = quotesweep(["run", "tiny.yaml", "-o", "disk/tiny.h5"])
    assert refused.returncode == BAD_USAGE
    assert refused.stderr.startswith("quotesweep: -o disk/tiny.h5: cannot")
    assert "No space left" in refused.stderr or "cannot be laid out" in refused.stderr
    assert "choose another folder with -o" in refused.stderr.lower()
    assert os.listdir(disk) == ["filler"]
    (disk / "filler").unlink()
    assert quotesweep(["run", "tiny.yaml", "-o", "disk/tiny.h5"]).returncode == COMPLETE
    assert digest(quotesweep, "disk/tiny.h5") == tiny.digest


def test_a_disk_that_fills_up_later_does_not_matter(quotesweep, begin, folder, small_disk, short):
    disk = small_disk(4 * MEGABYTE)
    running = begin(["run", "short.yaml", "-o", "disk/short.h5", "--threads", 1])
    wait_until((disk / "short.h5").exists, 20, "a file")
    fill(disk)
    stderr = running.communicate(timeout=120)[1]
    assert running.returncode == COMPLETE, stderr
    assert digest(quotesweep, "disk/short.h5") == short.digest


def test_a_sweep_on_a_full_disk_goes_on_when_there_is_room(quotesweep, begin, folder, small_disk,
                                                           short):
    disk = small_disk(4 * MEGABYTE)
    running = begin(["run", "short.yaml", "-o", "disk/short.h5", "--threads", 1])
    wait_until((disk / "short.h5").exists, 20, "a file")
    time.sleep(0.5)
    running.send_signal(signal.SIGTERM)
    running.communicate(timeout=20)
    fill(disk)
    full = quotesweep(["run", "short.yaml", "-o", "disk/short.h5"])  # no room for the lock's text
    assert full.returncode == BAD_USAGE
    assert "cannot write its lock file: No space left on device" in full.stderr
    (disk / "filler").unlink()
    assert quotesweep(["run", "short.yaml", "-o", "disk/short.h5"]).returncode == COMPLETE
    assert digest(quotesweep, "disk/short.h5") == short.digest


def test_an_extension_without_room_leaves_the_file(quotesweep, folder, small_disk, tiny):
    disk = small_disk(MEGABYTE)
    shutil.copy(tiny.path, disk / "tiny.h5")
    with open(disk / "filler", "wb") as filler:
        filler.write(b"x" * (MEGABYTE - (disk / "tiny.h5").stat().st_size - 64 * 1024))
    refused = quotesweep(["run", "tiny.yaml", "-o", "disk/tiny.h5", "--set", "paths=200"])
    assert refused.returncode == BAD_USAGE
    assert "cannot be laid out" in refused.stderr
    assert sorted(os.listdir(disk)) == ["filler", "tiny.h5"]
    assert digest(quotesweep, "disk/tiny.h5") == tiny.digest


def test_a_folder_that_cannot_be_written_is_told(quotesweep, folder, small_disk, tiny):
    disk = small_disk(MEGABYTE)
    shutil.copy(tiny.path, disk / "tiny.h5")
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    for output in ("disk/tiny.h5", "disk/other.h5"):
        refused = quotesweep(["run", "tiny.yaml", "-o", output])
        assert refused.returncode == BAD_USAGE
        assert f"{output}: cannot write here: Read-only file system" in refused.stderr
    assert digest(quotesweep, "disk/tiny.h5") == tiny.digest
    assert quotesweep(["status", "disk/tiny.h5"]).returncode == COMPLETE


# Others ------------------------------------------------------------------------------------------

@pytest.fixture
def writing(begin, folder, short):
    """A sweep that writes short.h5."""
    running = begin(["run", "short.yaml", "-o", "short.h5", "--threads", 1, "--sync-interval", 0])
    wait_until((folder / "short.h5").exists, 20, "a file")
    time.sleep(0.3)
    return running


def test_a_file_deleted_while_it_is_written_is_put_back(quotesweep, folder, short, writing):
    (folder / "short.h5").unlink()
    stderr = writing.communicate(timeout=120)[1]
    assert writing.returncode == COMPLETE, stderr
    assert digest(quotesweep, "short.h5") == short.digest
    assert sorted(path.name for path in folder.iterdir()) == ["short.h5", "short.yaml", "tiny.yaml"]


def test_a_file_replaced_while_it_is_written_is_rescued(quotesweep, folder, short, writing):
    (folder / "other").write_text("precious")
    os.replace("other", "short.h5")
    stderr = writing.communicate(timeout=120)[1]
    assert writing.returncode == INTERRUPTED
    assert (folder / "short.h5").read_text() == "precious"
    rescued = folder / f"short.h5.rescued-{writing.pid}"
    assert "was replaced by another file while it was written" in stderr
    assert f"all results are in {rescued.name}" in stderr
    assert not [path for path in folder.iterdir() if ".new" in path.name]
    short.complete_points(rescued)
    os.replace(rescued, "short.h5")
    assert quotesweep(["run", "short.yaml", "-o", "short.h5"]).returncode == COMPLETE
    assert digest(quotesweep, "short.h5") == short.digest


def changed(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


def data_of(path, name):
    """Where a dataset's bytes begin."""
    with open_file(path) as file:
        return file[name].id.get_offset()


DAMAGE = {
    "empty": lambda data, path: b"",
    "foreign": lambda data, path: b"precious",
    "half": lambda data, path: data[:len(data) // 2],
    "without its last byte": lambda data, path: data[:-1],
    "a bit of the superblock": lambda data, path: changed(data, 40),
    "a bit of a coordinate": lambda data, path: changed(data, data_of(path, "gamma")),
    "a bit of the seal": lambda data, path: changed(data, len(data) - 30),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
@pytest.mark.parametrize("settings", [[], ["--set", "paths=200"]], ids=["same", "extended"])
def test_a_damaged_or_foreign_file_is_refused_and_left_as_it_is(quotesweep, folder, tiny, damage,
                                                                settings):
    file = folder / "tiny.h5"
    file.write_bytes(damage(tiny.path.read_bytes(), tiny.path))
    before = file.read_bytes()
    refused = quotesweep(["run", "tiny.yaml", "-o", "tiny.h5", *settings])
    assert refused.returncode == BAD_USAGE
    assert "tiny.h5: " in refused.stderr
    assert ("It was left as it is: replace it with --fresh, or choose another name with -o."
            in refused.stderr)
    assert file.read_bytes() == before
    assert quotesweep(["run", "tiny.yaml", "-o", "tiny.h5", "--fresh"]).returncode == COMPLETE
    assert digest(quotesweep, file) == tiny.digest


def test_a_damaged_result_of_a_complete_point_is_not_used(quotesweep, folder, tiny):
    file = folder / "tiny.h5"
    file.write_bytes(changed(tiny.path.read_bytes(), data_of(tiny.path, "pnl")))
    refused = quotesweep(["digest", file])
    assert refused.returncode == BAD_USAGE
    assert "damaged" in refused.stderr
