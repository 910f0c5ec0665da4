# ClickHouse as a library that lives in the process of its client, from the wheel of chdb.
# Sourced by .ci/engines.
# shellcheck shell=bash disable=SC2154

bring() {
    virtual_environment clickhouse
    driver clickhouse 'lib/*/chdb/_chdb.abi3.so' libchdb.so
    # It looks for this folder beside its own, and a link counts as its own place.
    ln -sfn "$(find "$engines/clickhouse" -type d -name chdb_core.libs -print -quit)" "$engines/chdb_core.libs"
}

# It is a module of Python as well, and needs Python's library in the process before it is opened.
start() {
    local library
    library=$("$engines/clickhouse/bin/python" -c 'import os, sysconfig
of = sysconfig.get_config_var
print(os.path.join(of("LIBDIR"), of("INSTSONAME")) if of("Py_ENABLE_SHARED") else "")')
    [[ -f "$library" ]] || fail "$python was built without a shared library (libpython); name another Python in ETALON_PYTHON"
    give ETALON_PRELOAD "$library"
    give ETALON_CLICKHOUSE :memory:
}
