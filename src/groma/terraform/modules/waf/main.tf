locals {
  limits = concat(
    [for guarded in var.guarded_paths[*] : { name = "GuardedPathsPerAddress", requests = guarded.requests, window_seconds = guarded.window_seconds, paths = guarded.paths }],
    [{ name = "RequestsPerAddress", requests = var.rate_limit.requests, window_seconds = var.rate_limit.window_seconds, paths = [] }],
  )
  rules = concat(
    [for index, group in var.managed_rule_groups : { name = group, priority = index, limits = [] }],
    [for index, limit in local.limits : { name = limit.name, priority = length(var.managed_rule_groups) + index, limits = [limit] }],
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

      # A managed group brings its own actions, a limit blocks.
      dynamic "override_action" {
        for_each = length(rule.value.limits) == 0 ? [1] : []

        content {
          none {}
        }
      }

      dynamic "action" {
        for_each = rule.value.limits

        content {
          block {
            custom_response {
              response_code = 429

              response_header {
                name  = "retry-after"
                value = tostring(action.value.window_seconds)
              }
            }
          }
        }
      }

      statement {
        dynamic "managed_rule_group_statement" {
          for_each = length(rule.value.limits) == 0 ? [rule.key] : []

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
          for_each = rule.value.limits

          content {
            aggregate_key_type    = "IP"
            limit                 = rate_based_statement.value.requests
            evaluation_window_sec = rate_based_statement.value.window_seconds

            # However the path is written: `%61` is an `a`, and `/./` a `/`.
            dynamic "scope_down_statement" {
              for_each = length(rate_based_statement.value.paths) > 0 ? [rate_based_statement.value.paths] : []

              content {
                regex_match_statement {
                  regex_string = "^(${join("|", scope_down_statement.value)})(/|$)"

                  field_to_match {
                    uri_path {}
                  }

                  text_transformation {
                    priority = 0
                    type     = "URL_DECODE"
                  }

                  text_transformation {
                    priority = 1
                    type     = "NORMALIZE_PATH"
                  }
                }
              }
            }
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
