locals {
  makes_zone   = var.existing_zone_id == null && var.existing_zone_name == null
  zone_id      = local.makes_zone ? aws_route53_zone.this[0].zone_id : data.aws_route53_zone.existing[0].zone_id
  name_servers = local.makes_zone ? aws_route53_zone.this[0].name_servers : data.aws_route53_zone.existing[0].name_servers

  health_check_ids = { for name, check in merge(aws_route53_health_check.this, aws_route53_health_check.combined) : name => check.id }

  # An alias answers over IPv4 and IPv6, where its target has addresses of both.
  aliases = merge([
    for name, alias in var.aliases : { for type in alias.types : "${name} ${type}" => merge(alias, { name = name, type = type }) }
  ]...)
}

data "aws_route53_zone" "existing" {
  count = local.makes_zone ? 0 : 1

  zone_id      = var.existing_zone_id
  name         = var.existing_zone_name
  private_zone = false
}

resource "aws_route53_zone" "this" {
  #checkov:skip=CKV2_AWS_38: signing needs a DS record that only the registrar of the domain can set; a signed zone without it, or a lost key, takes the domain off the net.
  #checkov:skip=CKV2_AWS_39: a log of every question names the users' resolvers, costs by the gigabyte, and answers nothing that CloudFront's metrics do not.
  count = local.makes_zone ? 1 : 0

  name          = var.domain
  comment       = "${var.domain}: made by Terraform"
  force_destroy = var.force_destroy

  tags = { Name = var.domain }
}

resource "aws_route53_record" "alias" {
  for_each = local.aliases

  zone_id = local.zone_id
  name    = each.value.name
  type    = each.value.type

  set_identifier  = each.value.standby == null ? null : "first"
  health_check_id = each.value.standby == null ? null : local.health_check_ids[each.value.standby.health_check]

  dynamic "failover_routing_policy" {
    for_each = each.value.standby[*]

    content {
      type = "PRIMARY"
    }
  }

  alias {
    name                   = each.value.target
    zone_id                = each.value.target_zone_id
    evaluate_target_health = each.value.evaluate_health || each.value.standby != null
  }
}

# Route 53 takes a second record of a name only beside one that says when it is to be left.
resource "aws_route53_record" "standby" {
  #checkov:skip=CKV2_AWS_23: each record is an alias of what is made beside this module.
  for_each = { for key, alias in local.aliases : key => alias if alias.standby != null }

  zone_id        = local.zone_id
  name           = each.value.name
  type           = each.value.type
  set_identifier = "standby"

  failover_routing_policy {
    type = "SECONDARY"
  }

  alias {
    name                   = each.value.standby.target
    zone_id                = each.value.standby.target_zone_id
    evaluate_target_health = false # whatever stands there is better than nothing
  }

  depends_on = [aws_route53_record.alias]
}

resource "aws_route53_record" "plain" {
  for_each = { for record in var.records : "${record.name} ${record.type}" => record }

  zone_id = local.zone_id
  name    = each.value.name
  type    = each.value.type
  ttl     = each.value.ttl_seconds
  records = each.value.values
}

resource "aws_route53_health_check" "this" {
  for_each = var.health_checks

  fqdn               = each.value.host
  type               = "HTTPS"
  port               = 443
  resource_path      = each.value.path
  request_interval   = each.value.interval_seconds
  failure_threshold  = each.value.failures
  enable_sni         = true
  invert_healthcheck = each.value.inverted

  tags = { Name = "${var.domain}-${each.key}" }
}

resource "aws_route53_health_check" "combined" {
  for_each = var.combined_health_checks

  type                   = "CALCULATED"
  child_healthchecks     = [for name in each.value : aws_route53_health_check.this[name].id]
  child_health_threshold = length(each.value)

  tags = { Name = "${var.domain}-${each.key}" }
}
