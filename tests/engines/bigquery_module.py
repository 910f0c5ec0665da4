"""Google's analyzer and evaluator of SQL as a WebAssembly module: loading it, and calling its functions.

Compiling takes up to a minute of a core, so the compiled form is kept in a file and used as long as it fits this machine.
Knows nothing about what the functions mean.
"""

import ctypes
import os
import re
import tempfile

import tzdata
import wasmtime
from zetasql.wasi import get_wasm_path


class Refused(Exception):
    """The module's own error: the statement is wrong, or cannot be evaluated."""


class Broken(Exception):
    """The module stopped in the middle, as a process that crashes does. It was started afresh and has forgotten all."""


def _engine():
    config = wasmtime.Config()
    config.shared_memory = True
    config.max_wasm_stack = 2 << 20  # the most that is allowed: long queries are parsed in depth
    return wasmtime.Engine(config)


def compiled(engine, path):
    """The module, from the file `path` if that was made for this machine, else compiled and kept there."""
    try:
        return wasmtime.Module.deserialize_file(engine, path)
    except wasmtime.WasmtimeError:
        module = wasmtime.Module.from_file(engine, get_wasm_path())
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(os.path.abspath(path)))
    with os.fdopen(handle, "wb") as file:
        file.write(module.serialize())
    os.replace(temporary, path)
    return module


class Module:
    """The running module."""

    def __init__(self, path):
        self._engine = _engine()
        self._compiled = compiled(self._engine, path)
        self._start()

    def _start(self):
        wasi = wasmtime.WasiConfig()
        wasi.inherit_stderr()  # not the output, which is ours
        wasi.preopen_dir(os.path.join(os.path.dirname(tzdata.__file__), "zoneinfo"), "/usr/share/zoneinfo")
        self._store = wasmtime.Store(self._engine)
        self._store.set_wasi(wasi)
        linker = wasmtime.Linker(self._engine)
        linker.define_wasi()
        self._exports = linker.instantiate(self._store, self._compiled).exports(self._store)
        self._memory = self._exports["memory"]
        self._exports["_initialize"](self._store)

    def call(self, name, request, response_type):
        """Calls a function of the service with a message, and gives its answer."""
        try:
            answer = self._call(name, request.SerializeToString())
        except (wasmtime.Trap, wasmtime.WasmtimeError) as error:
            self._start()
            raise Broken(str(error).strip().splitlines()[-1].strip()) from error
        return response_type.FromString(answer)

    def _call(self, name, data):
        call = lambda function, *arguments: self._exports[function](self._store, *arguments)
        place, size_place = call("wasm_malloc", max(len(data), 1)), call("wasm_malloc", 4)
        try:
            ctypes.memmove(self._address(place), data, len(data))
            answer = call(f"ZetaSqlLocalService_{name}", place, len(data), size_place)
            if answer == 0:
                error = self._read(call("wasm_get_last_error"), call("wasm_get_last_error_size")).decode()
                raise Refused(re.sub(r"^Code: \d+, Message: ", "", error))
            size = int.from_bytes(self._read(size_place, 4), "little")
            found = self._read(answer, size)
            call("wasm_free", answer)
            return found
        finally:
            call("wasm_free", place)
            call("wasm_free", size_place)

    def _read(self, place, size):
        return ctypes.string_at(self._address(place), size)

    def _address(self, place):
        return ctypes.addressof(self._memory.data_ptr().contents) + place
