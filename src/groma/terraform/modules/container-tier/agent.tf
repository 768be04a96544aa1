# The CloudWatch agent beside the application: it takes what the application tells of its requests, on ports that nobody
# outside the task is let in on, and sends it to X-Ray. Without it a task goes on, so that it is not essential.

locals {
  agent = [for each in var.agent[*] : {
    name              = "agent"
    image             = each.image
    essential         = false
    memoryReservation = each.memory_mib
    environment       = [{ name = "CW_CONFIG_CONTENT", value = jsonencode({ traces = { traces_collected = { otlp = {}, xray = {} } } }) }]
  }]
}
