#!/bin/bash
# First boot: the CloudWatch agent, which tells how full memory and disk are; EC2 itself sees neither.
set -euo pipefail

dnf install -y amazon-cloudwatch-agent
config=/opt/aws/amazon-cloudwatch-agent/etc/server.json
cat >"$config" <<'JSON'
{
  "agent": {"metrics_collection_interval": 60, "run_as_user": "cwagent"},
  "metrics": {
    "namespace": "CWAgent",
    "append_dimensions": {"InstanceId": "${aws:InstanceId}"},
    "aggregation_dimensions": [["InstanceId"]],
    "metrics_collected": {
      "mem": {"measurement": ["mem_used_percent"]},
      "disk": {"measurement": ["disk_used_percent"], "resources": ["/"], "drop_device": true}
    }
  }
}
JSON
/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s -c "file:$config"
