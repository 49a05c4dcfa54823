"""The one file of people inside a zip, taken out with a limit on everything that a zip may lie about."""

import struct
import zipfile
import zlib
from io import BytesIO
from typing import BinaryIO

from coachhub.network.service.imports.people import LARGEST_FILE, Problem, Unreadable

ZIP_BEGINNINGS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_LARGEST_INDEX = 2 * 1024 * 1024  # bytes: each entry of it becomes an object of half a kilobyte
_MOST_SQUEEZED = 200  # letters of people shrink to a quarter; nothing honest to a two-hundredth
_FAIR_SIZE = 256 * 1024  # below it, nothing is worth calling a bomb
_BLOCK = 256 * 1024
_END, _END_SIZE, _LONGEST_COMMENT = b"PK\x05\x06", 22, 65_535
_LARGE_END, _LARGE_POINTER, _LARGE_SIZES = b"PK\x06\x06", b"PK\x06\x07", (56, 20)  # zip64: the same in more digits


def taken_out(file: BinaryIO) -> BinaryIO:
    """The file of people in a zip: `Connections.csv` in any folder, else the only table or card file.

    It lies in memory, which LARGEST_FILE bounds. Raises Unreadable.
    """
    _refuse_large_index(file)
    try:
        with zipfile.ZipFile(file) as archive:
            return _copied(archive, _member(archive))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, zlib.error, struct.error) as error:
        raise Unreadable(Problem.DAMAGED) from error
    except (ValueError, OSError, RuntimeError, OverflowError) as error:  # zipfile on names and places that cannot be
        raise Unreadable(Problem.DAMAGED) from error


def _refuse_large_index(file: BinaryIO) -> None:
    """zipfile reads the whole index into memory: look at its size first."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _END_SIZE - _LONGEST_COMMENT - sum(_LARGE_SIZES)))
    tail = file.read()
    place = tail.rfind(_END)
    if place < 0 or len(tail) - place < _END_SIZE:
        raise Unreadable(Problem.DAMAGED)
    (index_size,) = struct.unpack_from("<L", tail, place + 12)
    larger = tail[max(0, place - sum(_LARGE_SIZES)) : place]
    if larger.startswith(_LARGE_END) and larger[_LARGE_SIZES[0] :].startswith(_LARGE_POINTER):
        (index_size,) = struct.unpack_from("<Q", larger, 40)
    if index_size > _LARGEST_INDEX:
        raise Unreadable(Problem.ZIP_BOMB)


def _member(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    names = {member.filename: member for member in archive.infolist()}
    if {"[Content_Types].xml", "Index/Document.iwa", "content.xml"} & names.keys():
        is_sheet = any(name.startswith(("xl/", "Index/Tables")) for name in names) or "content.xml" in names
        raise Unreadable(Problem.SPREADSHEET if is_sheet else Problem.WRONG_TYPE)
    files = [name for name in names if not name.startswith("__MACOSX/") and not name.endswith("/")]
    wanted = [name for name in files if name.rpartition("/")[2].lower() == "connections.csv"]
    if not wanted:
        wanted = [name for name in files if name.lower().endswith((".csv", ".vcf", ".tsv"))]
        if len(wanted) != 1:
            raise Unreadable(Problem.ZIP_WITHOUT_PEOPLE)
    return names[min(wanted, key=len)]


def _copied(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> BinaryIO:
    if member.flag_bits & 1:
        raise Unreadable(Problem.PASSWORD)
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Unreadable(Problem.DAMAGED)  # the others are unpacked without a limit on what one read gives
    if member.file_size > max(_FAIR_SIZE, _MOST_SQUEEZED * member.compress_size):
        raise Unreadable(Problem.ZIP_BOMB)
    if member.file_size > LARGEST_FILE:
        raise Unreadable(Problem.TOO_LARGE)
    copy = BytesIO()
    with archive.open(member) as packed:
        size = 0
        while block := packed.read(_BLOCK):
            size += len(block)
            if size > LARGEST_FILE:
                raise Unreadable(Problem.ZIP_BOMB)
            copy.write(block)
    return copy
