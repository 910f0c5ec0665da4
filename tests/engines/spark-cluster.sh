# A real cluster of Spark over loopback: a standalone master, two workers of one core, and a Connect server as the driver.
# Sourced by .ci/engines.
# shellcheck shell=bash disable=SC2154,SC1091

source "$home/spark.sh"

start() {
    local master port address worker workers=()
    master=$(free_port)
    address=spark://127.0.0.1:$master
    spark_environment
    launch TERM "$SPARK_HOME/bin/spark-class" org.apache.spark.deploy.master.Master --host 127.0.0.1 --port "$master" \
        --webui-port 0
    ready 60 listens "$master"
    for worker in 1 2; do
        # A worker starts one executor of 2 GB; the rest of the 3 GB is its own.
        launch TERM env SPARK_DAEMON_MEMORY=512m "$SPARK_HOME/bin/spark-class" org.apache.spark.deploy.worker.Worker \
            --host 127.0.0.1 --webui-port 0 --cores 1 --memory 2g --work-dir "$run/$engine/worker-$worker" "$address"
        workers+=("$launched_log")
    done
    ready 120 registered "${workers[@]}"
    port=$(free_port)
    # A task keeps a page for each of its sorts, and queries have some twenty: of 64 MB, as is usual, 2 GB has no room.
    connect_server "$address" 3g "$port" spark.executor.memory=2g spark.executor.cores=1 spark.buffer.pageSize=8m
    # The server answers before its executors are there.
    ready 120 has_executors 2
    give ETALON_SPARK_CLUSTER "sc://127.0.0.1:$port"
}

registered() { [[ $(grep -l "Successfully registered with master" "$@" | wc -l) -eq $# ]]; }

has_executors() { (($(grep -c "is now RUNNING" "$launched_log") >= $1)); }
