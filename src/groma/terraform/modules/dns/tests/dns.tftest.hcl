mock_provider "aws" {
  mock_resource "aws_route53_zone" {
    defaults = {
      zone_id      = "Z0123456789ABCDEFGHIJ"
      name_servers = ["ns-1.awsdns-01.org", "ns-2.awsdns-02.com"]
    }
  }

  mock_data "aws_route53_zone" {
    defaults = {
      zone_id      = "Z9876543210ABCDEFGHIJ"
      name_servers = ["ns-3.awsdns-03.net"]
    }
  }
}

variables {
  domain = "chirp.example"
  aliases = {
    "chirp.example"     = { target = "d111111abcdef8.cloudfront.net" }
    "www.chirp.example" = { target = "d111111abcdef8.cloudfront.net" }
  }
  records = [{ name = "chirp.example", type = "TXT", values = ["v=spf1 -all"] }]
}

run "makes_a_zone_whose_names_lead_to_cloudfront_over_both_protocols" {
  command = apply

  assert {
    condition     = aws_route53_zone.this[0].name == "chirp.example" && !aws_route53_zone.this[0].force_destroy
    error_message = "The zone must be the domain's, and not be destroyed with records of others."
  }

  assert {
    condition = toset([for record in aws_route53_record.alias : "${record.name} ${record.type} ${record.alias[0].name} ${record.alias[0].zone_id}"]) == toset([
      "chirp.example A d111111abcdef8.cloudfront.net Z2FDTNDATAQYW2",
      "chirp.example AAAA d111111abcdef8.cloudfront.net Z2FDTNDATAQYW2",
      "www.chirp.example A d111111abcdef8.cloudfront.net Z2FDTNDATAQYW2",
      "www.chirp.example AAAA d111111abcdef8.cloudfront.net Z2FDTNDATAQYW2",
    ])
    error_message = "Each alias must be an A and an AAAA record for CloudFront."
  }

  assert {
    condition     = aws_route53_record.plain["chirp.example TXT"].ttl == 300 && aws_route53_record.plain["chirp.example TXT"].records == toset(["v=spf1 -all"])
    error_message = "Plain records must be made as given."
  }

  assert {
    condition     = output.zone_id == "Z0123456789ABCDEFGHIJ" && output.name_servers == tolist(["ns-1.awsdns-01.org", "ns-2.awsdns-02.com"])
    error_message = "The zone's id and its name servers must be told."
  }
}

run "uses_a_zone_that_there_is" {
  command = apply

  variables {
    existing_zone_id = "Z9876543210ABCDEFGHIJ"
  }

  assert {
    condition     = length(aws_route53_zone.this) == 0 && alltrue([for record in aws_route53_record.alias : record.zone_id == "Z9876543210ABCDEFGHIJ"])
    error_message = "No zone may be made, and the records must be put into the existing one."
  }

  assert {
    condition     = output.name_servers == tolist(["ns-3.awsdns-03.net"])
    error_message = "The existing zone's name servers must be told."
  }
}

run "uses_a_zone_of_that_name" {
  command = apply

  variables {
    domain             = "chirp.example"
    existing_zone_name = "chirp.example"
  }

  assert {
    condition     = length(aws_route53_zone.this) == 0 && data.aws_route53_zone.existing[0].name == "chirp.example" && !data.aws_route53_zone.existing[0].private_zone
    error_message = "The public zone of that name must be looked up, and none be made."
  }
}

run "leads_over_ipv4_alone_where_it_is_told" {
  command = apply

  variables {
    aliases = { "origin.chirp.example" = { target = "chirp-web-1.us-east-1.elb.amazonaws.com", target_zone_id = "Z35SXDOTRQ7X7K", types = ["A"] } }
  }

  assert {
    condition     = [for record in aws_route53_record.alias : "${record.name} ${record.type} ${record.alias[0].zone_id}"] == ["origin.chirp.example A Z35SXDOTRQ7X7K"]
    error_message = "There must be an A record of the load balancer alone."
  }
}

run "watches_a_host_over_https" {
  command = apply

  variables {
    health_checks = { site = { host = "chirp.example", path = "/api/healthz" } }
  }

  assert {
    condition = [
      aws_route53_health_check.this["site"].fqdn, aws_route53_health_check.this["site"].type, aws_route53_health_check.this["site"].resource_path
    ] == ["chirp.example", "HTTPS", "/api/healthz"]
    error_message = "The health check must ask the host for the path over HTTPS."
  }

  assert {
    condition     = output.health_check_ids == { site = aws_route53_health_check.this["site"].id }
    error_message = "The health checks' ids must be told by name."
  }
}

run "rejects_a_domain_with_a_dot_at_its_end" {
  command = plan

  variables {
    domain  = "chirp.example."
    aliases = {}
    records = []
  }

  expect_failures = [var.domain]
}

run "rejects_a_zone_that_is_a_name" {
  command = plan

  variables {
    existing_zone_id = "chirp.example"
  }

  expect_failures = [var.existing_zone_id]
}

run "rejects_a_zone_that_does_not_hold_the_domain" {
  command = plan

  variables {
    existing_zone_name = "other.example"
  }

  expect_failures = [var.existing_zone_name]
}

run "rejects_a_zone_by_name_and_id" {
  command = plan

  variables {
    existing_zone_name = "chirp.example"
    existing_zone_id   = "Z9876543210ABCDEFGHIJ"
  }

  expect_failures = [var.existing_zone_name]
}

run "rejects_an_alias_without_a_type" {
  command = plan

  variables {
    aliases = { "chirp.example" = { target = "d111111abcdef8.cloudfront.net", types = [] } }
  }

  expect_failures = [var.aliases]
}

run "rejects_an_alias_of_another_domain" {
  command = plan

  variables {
    aliases = { "chirp.invalid" = { target = "d111111abcdef8.cloudfront.net" } }
  }

  expect_failures = [var.aliases]
}

run "rejects_a_record_of_a_type_that_is_none" {
  command = plan

  variables {
    records = [{ name = "chirp.example", type = "ALIAS", values = ["x"] }]
  }

  expect_failures = [var.records]
}

run "rejects_a_health_check_that_route_53_lacks" {
  command = plan

  variables {
    health_checks = { site = { host = "chirp.example", path = "/", interval_seconds = 5 } }
  }

  expect_failures = [var.health_checks]
}

run "leads_to_a_standby_while_the_first_target_does_not_answer" {
  command = apply

  variables {
    aliases = {
      "origin.chirp.example" = {
        target         = "web-1.us-east-1.elb.amazonaws.com"
        target_zone_id = "Z35SXDOTRQ7X7K"
        types          = ["A"]
        standby = {
          target         = "web-2.us-west-2.elb.amazonaws.com"
          target_zone_id = "Z1H1FL5HABSF5"
          health_check   = "home-leads"
        }
      }
    }
    health_checks = {
      home       = { host = "web-1.us-east-1.elb.amazonaws.com", path = "/api/healthz", interval_seconds = 10 }
      unpromoted = { host = "web-2.us-west-2.elb.amazonaws.com", path = "/api/writable", interval_seconds = 10, inverted = true }
    }
    combined_health_checks = { home-leads = ["home", "unpromoted"] }
  }

  assert {
    condition     = aws_route53_health_check.this["unpromoted"].invert_healthcheck && !aws_route53_health_check.this["home"].invert_healthcheck && aws_route53_health_check.combined["home-leads"].type == "CALCULATED" && aws_route53_health_check.combined["home-leads"].child_health_threshold == 2 && aws_route53_health_check.combined["home-leads"].child_healthchecks == toset([for check in aws_route53_health_check.this : check.id])
    error_message = "The target must lead while it answers and the standby does not."
  }

  assert {
    condition     = [for record in aws_route53_record.alias : [record.failover_routing_policy[0].type, record.set_identifier, record.health_check_id == output.health_check_ids["home-leads"], record.alias[0].name, record.alias[0].evaluate_target_health]] == [["PRIMARY", "first", true, "web-1.us-east-1.elb.amazonaws.com", true]]
    error_message = "The name must lead to its target as long as that is healthy."
  }

  assert {
    condition     = [for record in aws_route53_record.standby : [record.failover_routing_policy[0].type, record.set_identifier, record.type, record.alias[0].name, record.alias[0].zone_id]] == [["SECONDARY", "standby", "A", "web-2.us-west-2.elb.amazonaws.com", "Z1H1FL5HABSF5"]]
    error_message = "It must lead to the standby else."
  }
}

run "rejects_combining_what_is_no_health_check" {
  command = plan

  variables {
    health_checks          = { home = { host = "chirp.example", path = "/" } }
    combined_health_checks = { both = ["home", "away"], home = ["home"] }
  }

  expect_failures = [var.combined_health_checks]
}

run "rejects_a_standby_of_which_nobody_tells_when" {
  command = plan

  variables {
    aliases = {
      "origin.chirp.example" = {
        target  = "web-1.us-east-1.elb.amazonaws.com"
        standby = { target = "web-2.us-west-2.elb.amazonaws.com", target_zone_id = "Z1H1FL5HABSF5", health_check = "home" }
      }
    }
  }

  expect_failures = [var.aliases]
}
