locals {
  rules = concat(
    [for index, group in var.managed_rule_groups : { name = group, managed = true, priority = index }],
    [{ name = "RequestsPerAddress", managed = false, priority = length(var.managed_rule_groups) }],
  )
}

resource "aws_wafv2_web_acl" "this" {
  #checkov:skip=CKV2_AWS_31: a log of every request costs by the gigabyte and records personal data; metrics count, and samples show, what each rule blocks.
  #checkov:skip=CKV_AWS_192: managed_rule_groups holds AWSManagedRulesKnownBadInputsRuleSet by default; the check reads no dynamic block.
  name        = var.name
  description = "${var.name}: managed rules and a limit by address"
  scope       = var.scope

  default_action {
    allow {}
  }

  dynamic "rule" {
    for_each = { for rule in local.rules : rule.name => rule }

    content {
      name     = rule.key
      priority = rule.value.priority

      # A managed group brings its own actions, the limit blocks.
      dynamic "override_action" {
        for_each = rule.value.managed ? [1] : []

        content {
          none {}
        }
      }

      dynamic "action" {
        for_each = rule.value.managed ? [] : [1]

        content {
          block {
            custom_response {
              response_code = 429

              response_header {
                name  = "retry-after"
                value = tostring(var.rate_limit.window_seconds)
              }
            }
          }
        }
      }

      statement {
        dynamic "managed_rule_group_statement" {
          for_each = rule.value.managed ? [rule.key] : []

          content {
            name        = managed_rule_group_statement.value
            vendor_name = "AWS"

            dynamic "managed_rule_group_configs" {
              for_each = rule.key == "AWSManagedRulesBotControlRuleSet" ? [1] : []

              content {
                aws_managed_rules_bot_control_rule_set {
                  inspection_level = "COMMON"
                }
              }
            }

            dynamic "rule_action_override" {
              for_each = lookup(var.counted_rules, rule.key, [])

              content {
                name = rule_action_override.value

                action_to_use {
                  count {}
                }
              }
            }
          }
        }

        dynamic "rate_based_statement" {
          for_each = rule.value.managed ? [] : [1]

          content {
            aggregate_key_type    = "IP"
            limit                 = var.rate_limit.requests
            evaluation_window_sec = var.rate_limit.window_seconds
          }
        }
      }

      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = rule.key
        sampled_requests_enabled   = true
      }
    }
  }

  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = var.name
    sampled_requests_enabled   = true
  }

  tags = { Name = var.name }
}
