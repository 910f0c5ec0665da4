# Spark's Connect server on one machine, in the session mode that Spark 4 starts with: ANSI errors, and UTC.
# Sourced by .ci/engines, and by spark-cluster.sh, which puts the same server on a cluster.
# shellcheck shell=bash disable=SC2154

bring() {
    command -v java >/dev/null || fail "Spark needs Java 17 or later (Debian: package openjdk-17-jre-headless)"
    virtual_environment spark
    driver spark 'lib/*/adbc_driver_spark/libadbc_driver_spark.so' libadbc_driver_spark.so
}

# What every program of Spark needs to know: where it is, that it is alone, and where to write.
spark_environment() {
    SPARK_HOME=$(find "$engines/spark" -type d -path '*/site-packages/pyspark' -print -quit)
    export SPARK_HOME SPARK_LOCAL_IP=127.0.0.1 SPARK_LOCAL_DIRS=$run/$engine SPARK_CONF_DIR=$run/$engine
}

# connect_server MASTER MEMORY PORT CONF...: the Connect server, as the driver of one application on the master.
# It would keep the plans of the last thousand statements, with their texts: gigabytes, here.
connect_server() {
    local master=$1 memory=$2 port=$3 setting settings=()
    shift 3
    for setting in \
        spark.connect.grpc.binding.address=127.0.0.1 "spark.connect.grpc.binding.port=$port" \
        spark.driver.bindAddress=127.0.0.1 spark.driver.host=127.0.0.1 spark.ui.enabled=false \
        spark.sql.session.timeZone=UTC spark.sql.ansi.enabled=true spark.sql.shuffle.partitions=4 \
        spark.sql.catalogImplementation=in-memory "spark.sql.warehouse.dir=$run/$engine/warehouse" \
        spark.sql.ui.retainedExecutions=10 spark.connect.ui.retainedStatements=10 spark.connect.ui.retainedSessions=10 \
        spark.ui.retainedJobs=50 spark.ui.retainedStages=50 spark.ui.retainedTasks=200 "$@"; do
        settings+=(--conf "$setting")
    done
    launch TERM "$SPARK_HOME/bin/spark-submit" --class org.apache.spark.sql.connect.service.SparkConnectServer \
        --master "$master" --driver-memory "$memory" --driver-java-options "-Duser.timezone=UTC" "${settings[@]}"
    ready 120 listens "$port"
}

start() {
    local port
    port=$(free_port)
    spark_environment
    connect_server 'local[2]' 4g "$port" spark.log.level=WARN
    give ETALON_SPARK "sc://127.0.0.1:$port"
}
