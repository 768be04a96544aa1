# Asked from many places of the world every ten seconds: a region is out of the answers within about half a minute.
resource "aws_route53_health_check" "this" {
  for_each = var.regions

  type              = var.health_check.protocol
  fqdn              = each.value.load_balancer_dns_name
  port              = var.health_check.port
  resource_path     = var.health_check.path
  request_interval  = 10
  failure_threshold = var.health_check.failures
  enable_sni        = var.health_check.protocol == "HTTPS"
  measure_latency   = true

  tags = { Name = "${var.name} ${each.key}" }
}

# One name for all regions: each caller is answered with the healthy region that is nearest to it in time. An alias has
# its target's lifetime of 60 seconds, costs nothing to ask, and leaves out a load balancer without healthy servers.
resource "aws_route53_record" "this" {
  #checkov:skip=CKV2_AWS_23: each record is an alias of a load balancer that is made beside this module.
  for_each = var.regions

  zone_id         = var.zone_id
  name            = var.name
  type            = "A"
  set_identifier  = each.key
  health_check_id = aws_route53_health_check.this[each.key].id

  latency_routing_policy {
    region = each.key
  }

  alias {
    name                   = each.value.load_balancer_dns_name
    zone_id                = each.value.load_balancer_zone_id
    evaluate_target_health = true
  }
}
