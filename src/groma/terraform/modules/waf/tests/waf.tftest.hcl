mock_provider "aws" {}

variables {
  name       = "chirp"
  rate_limit = { requests = 1000, window_seconds = 60 }
}

run "asks_the_managed_rules_first_and_limits_by_address_last" {
  command = apply

  assert {
    condition = { for rule in aws_wafv2_web_acl.this.rule : rule.priority => rule.name } == {
      "0" = "AWSManagedRulesAmazonIpReputationList"
      "1" = "AWSManagedRulesCommonRuleSet"
      "2" = "AWSManagedRulesKnownBadInputsRuleSet"
      "3" = "RequestsPerAddress"
    }
    error_message = "The managed groups must come in their order, and then the limit."
  }

  assert {
    condition = alltrue([
      for rule in aws_wafv2_web_acl.this.rule : length(rule.override_action) == 1 && length(rule.action) == 0 && rule.statement[0].managed_rule_group_statement[0].vendor_name == "AWS"
      if rule.name != "RequestsPerAddress"
    ])
    error_message = "Managed groups must keep their own actions."
  }

  assert {
    condition = [
      for rule in aws_wafv2_web_acl.this.rule : [
        rule.action[0].block[0].custom_response[0].response_code, rule.statement[0].rate_based_statement[0].limit, rule.statement[0].rate_based_statement[0].evaluation_window_sec
      ] if rule.name == "RequestsPerAddress"
    ] == [[429, 1000, 60]]
    error_message = "What one address sends beyond the limit must be answered with 429."
  }

  assert {
    condition     = aws_wafv2_web_acl.this.scope == "CLOUDFRONT" && length(aws_wafv2_web_acl.this.default_action[0].allow) == 1
    error_message = "It must guard CloudFront, and let pass what no rule blocks."
  }

  assert {
    condition     = alltrue([for rule in aws_wafv2_web_acl.this.rule : rule.visibility_config[0].cloudwatch_metrics_enabled])
    error_message = "Each rule must count what it blocks."
  }
}

run "does_not_block_free_text" {
  command = apply

  assert {
    condition = [
      for rule in aws_wafv2_web_acl.this.rule : [for override in rule.statement[0].managed_rule_group_statement[0].rule_action_override : override.name if length(override.action_to_use[0].count) == 1]
      if rule.name == "AWSManagedRulesCommonRuleSet"
    ] == [["SizeRestrictions_BODY", "CrossSiteScripting_BODY", "GenericLFI_BODY", "GenericRFI_BODY", "EC2MetaDataSSRF_BODY"]]
    error_message = "Rules that would block a long post, or one about scripts, must only count."
  }
}

run "knows_bots_and_counts_sql_in_free_text" {
  command = apply

  variables {
    managed_rule_groups = ["AWSManagedRulesSQLiRuleSet", "AWSManagedRulesBotControlRuleSet"]
  }

  assert {
    condition = [
      for rule in aws_wafv2_web_acl.this.rule : [for configs in rule.statement[0].managed_rule_group_statement[0].managed_rule_group_configs : configs.aws_managed_rules_bot_control_rule_set[0].inspection_level]
      if rule.name == "AWSManagedRulesBotControlRuleSet"
    ] == [["COMMON"]]
    error_message = "Bot Control must be used at its common level: the other one costs ten times as much."
  }

  assert {
    condition = [
      for rule in aws_wafv2_web_acl.this.rule : [for override in rule.statement[0].managed_rule_group_statement[0].rule_action_override : override.name]
      if rule.name == "AWSManagedRulesSQLiRuleSet"
    ] == [["SQLi_BODY", "SQLiExtendedPatterns_BODY"]]
    error_message = "Rules that would block a post about SQL must only count."
  }
}

run "can_guard_a_region" {
  command = apply

  variables {
    scope               = "REGIONAL"
    managed_rule_groups = []
  }

  assert {
    condition     = aws_wafv2_web_acl.this.scope == "REGIONAL" && [for rule in aws_wafv2_web_acl.this.rule : rule.name] == ["RequestsPerAddress"]
    error_message = "Without managed groups the limit alone must stand."
  }
}

run "asks_less_of_an_address_where_an_answer_costs_more" {
  command = apply

  variables {
    managed_rule_groups = ["AWSManagedRulesCommonRuleSet"]
    guarded_paths       = { paths = ["/api/accounts", "/api/sessions"], requests = 100 }
  }

  assert {
    condition     = { for rule in aws_wafv2_web_acl.this.rule : rule.priority => rule.name } == { "0" = "AWSManagedRulesCommonRuleSet", "1" = "GuardedPathsPerAddress", "2" = "RequestsPerAddress" }
    error_message = "Guarded paths must be counted before all requests are."
  }

  assert {
    condition = [
      for rule in aws_wafv2_web_acl.this.rule : [
        rule.action[0].block[0].custom_response[0].response_code, rule.statement[0].rate_based_statement[0].limit, rule.statement[0].rate_based_statement[0].evaluation_window_sec, rule.statement[0].rate_based_statement[0].scope_down_statement[0].regex_match_statement[0].regex_string
      ] if rule.name == "GuardedPathsPerAddress"
    ] == [[429, 100, 300, "^(/api/accounts|/api/sessions)(/|$)"]]
    error_message = "What one address asks of guarded paths beyond their limit must be answered with 429."
  }

  assert {
    condition     = alltrue([for rule in aws_wafv2_web_acl.this.rule : length(rule.statement[0].rate_based_statement[0].scope_down_statement) == 0 if rule.name == "RequestsPerAddress"])
    error_message = "The other limit must count all requests."
  }
}

run "rejects_a_guarded_path_that_is_an_expression" {
  command = plan

  variables {
    guarded_paths = { paths = ["/api/.*"], requests = 100 }
  }

  expect_failures = [var.guarded_paths]
}

run "rejects_fewer_guarded_requests_than_aws_can_count" {
  command = plan

  variables {
    guarded_paths = { paths = ["/api/sessions"], requests = 9 }
  }

  expect_failures = [var.guarded_paths]
}

run "rejects_a_name_with_a_space" {
  command = plan

  variables {
    name = "chirp acl"
  }

  expect_failures = [var.name]
}

run "rejects_a_scope_that_is_none" {
  command = plan

  variables {
    scope = "GLOBAL"
  }

  expect_failures = [var.scope]
}

run "rejects_a_group_of_another" {
  command = plan

  variables {
    managed_rule_groups = ["CommonRuleSet"]
  }

  expect_failures = [var.managed_rule_groups]
}

run "rejects_a_counted_rule_of_another" {
  command = plan

  variables {
    counted_rules = { CommonRuleSet = ["SizeRestrictions_BODY"] }
  }

  expect_failures = [var.counted_rules]
}

run "rejects_a_window_that_waf_lacks" {
  command = plan

  variables {
    rate_limit = { requests = 1000, window_seconds = 90 }
  }

  expect_failures = [var.rate_limit]
}
