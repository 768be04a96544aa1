# Shared by the first boot of web and application servers on Amazon Linux 2023.
# ROOT is empty on a server; a test sets it to have everything written below a directory of its own.
ROOT="${ROOT:-}"
LISTEN="${LISTEN:-0.0.0.0}"

log() { printf '%s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$*"; }

trap 'log "user data FAILED in line $LINENO: $BASH_COMMAND"' ERR

# logged COMMAND...: runs it with its output also in /var/log/user-data.log.
logged() {
  mkdir -p "$ROOT/var/log"
  "$@" 2>&1 | tee -a "$ROOT/var/log/user-data.log"
}

# All tries of a boot together may take so long: less than the grace in which the auto-scaling group lets a server be.
BOOT_S="${BOOT_S:-300}"
tries=0

# retried COMMAND...: a server can boot before its subnet's way out works, so try again every 15 seconds.
retried() {
  while true; do
    if timeout "$((SECONDS < BOOT_S ? BOOT_S - SECONDS : 1))" "$@"; then return 0; fi
    tries=$((tries + 1))
    log "$* failed, ${SECONDS} s after the start"
    if ((SECONDS >= BOOT_S || tries * 15 >= BOOT_S)); then return 1; fi
    sleep 15
  done
}

install_packages() { retried dnf install -y "$@"; }

# put FILE MODE [VARIABLE...]: writes standard input to FILE, whole or not at all; @ROOT@ and each @VARIABLE@ in it
# become the variable's value.
put() {
  local file="$ROOT$1" mode="$2" text name
  text="$(cat)"
  for name in ROOT "${@:3}"; do text="${text//@$name@/"${!name}"}"; done
  mkdir -p "$(dirname "$file")"
  printf '%s\n' "$text" >"$file.new"
  chmod "$mode" "$file.new"
  mv "$file.new" "$file"
}

tune_kernel() {
  put /etc/sysctl.d/90-server.conf 644 <<'CONF'
net.core.somaxconn = 4096
net.ipv4.tcp_max_syn_backlog = 4096
net.ipv4.ip_local_port_range = 16384 65535
CONF
  sysctl -q -p "$ROOT/etc/sysctl.d/90-server.conf"
}

# wait_until_answered PORT PATH: fails when the server has not answered within a minute.
wait_until_answered() {
  curl -fsS -o /dev/null --retry 60 --retry-delay 1 --retry-all-errors --max-time 2 --retry-max-time 60 \
    "http://127.0.0.1:$1$2"
}

# Memory and disk as two metrics per auto-scaling group, not per instance: their maximum is the worst instance, and a
# custom metric costs by the month. Logs stay on the instance: ingestion would cost more than the instance's disk.
start_agent() {
  local home=/opt/aws/amazon-cloudwatch-agent
  install_packages amazon-cloudwatch-agent
  put "$home/etc/server.json" 644 <<'JSON'
{
  "agent": {"metrics_collection_interval": 60, "run_as_user": "cwagent"},
  "metrics": {
    "namespace": "CWAgent",
    "append_dimensions": {"AutoScalingGroupName": "${aws:AutoScalingGroupName}"},
    "aggregation_dimensions": [["AutoScalingGroupName"]],
    "metrics_collected": {
      "mem": {"measurement": ["mem_used_percent"]},
      "disk": {"measurement": ["disk_used_percent"], "resources": ["/"], "drop_device": true}
    }
  }
}
JSON
  "$ROOT$home/bin/amazon-cloudwatch-agent-ctl" -a fetch-config -m ec2 -s -c "file:$ROOT$home/etc/server.json"
}
