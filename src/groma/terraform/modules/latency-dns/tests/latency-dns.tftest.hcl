mock_provider "aws" {}

variables {
  name    = "origin.chirp.example.com"
  zone_id = "Z1D633PJN98FT9"
  regions = {
    eu-west-1 = {
      load_balancer_dns_name = "chirp-web-123456789.eu-west-1.elb.amazonaws.com"
      load_balancer_zone_id  = "Z32O12XQLNTSW2"
    }
    us-east-1 = {
      load_balancer_dns_name = "chirp-web-987654321.us-east-1.elb.amazonaws.com"
      load_balancer_zone_id  = "Z35SXDOTRQ7X7K"
    }
  }
}

run "answers_with_the_nearest_region" {
  command = apply

  assert {
    condition = { for region, record in aws_route53_record.this : region => [record.name, record.set_identifier, record.latency_routing_policy[0].region, record.alias[0].name] } == {
      eu-west-1 = ["origin.chirp.example.com", "eu-west-1", "eu-west-1", "chirp-web-123456789.eu-west-1.elb.amazonaws.com"]
      us-east-1 = ["origin.chirp.example.com", "us-east-1", "us-east-1", "chirp-web-987654321.us-east-1.elb.amazonaws.com"]
    }
    error_message = "There must be one record of the name for each region."
  }
}

run "leaves_out_a_region_that_fails" {
  command = apply

  assert {
    condition     = alltrue([for region, record in aws_route53_record.this : record.health_check_id == aws_route53_health_check.this[region].id && record.alias[0].evaluate_target_health])
    error_message = "Each record must follow its health check and its load balancer's servers."
  }

  assert {
    condition = alltrue([
      for region, check in aws_route53_health_check.this :
      check.type == "HTTP" && check.fqdn == var.regions[region].load_balancer_dns_name && check.port == 80 && check.resource_path == "/healthz" && check.request_interval == 10 && check.failure_threshold == 3
    ])
    error_message = "Each region's load balancer must be asked every ten seconds."
  }

  assert {
    condition     = output.health_check_ids == { for region, check in aws_route53_health_check.this : region => check.id }
    error_message = "The health checks must be given out by region."
  }
}

run "asks_as_it_is_told" {
  command = apply

  variables {
    health_check = { path = "/readyz", failures = 2, port = 8080 }
  }

  assert {
    condition     = alltrue([for check in values(aws_route53_health_check.this) : check.resource_path == "/readyz" && check.failure_threshold == 2 && check.port == 8080])
    error_message = "Path, port and failures must be as asked for."
  }
}

run "asks_over_https_by_the_name_that_it_asks_for" {
  command = apply

  variables {
    health_check = { protocol = "HTTPS", port = 443 }
  }

  assert {
    condition     = alltrue([for check in values(aws_route53_health_check.this) : check.type == "HTTPS" && check.port == 443 && check.enable_sni])
    error_message = "Each region must be asked over HTTPS."
  }
}

run "rejects_another_protocol" {
  command = plan

  variables {
    health_check = { protocol = "TCP" }
  }

  expect_failures = [var.health_check]
}

run "rejects_a_single_region" {
  command = plan

  variables {
    regions = {
      us-east-1 = {
        load_balancer_dns_name = "chirp-web-987654321.us-east-1.elb.amazonaws.com"
        load_balancer_zone_id  = "Z35SXDOTRQ7X7K"
      }
    }
  }

  expect_failures = [var.regions]
}

run "rejects_a_zone_for_a_region" {
  command = plan

  variables {
    regions = {
      us-east-1a = {
        load_balancer_dns_name = "chirp-web-987654321.us-east-1.elb.amazonaws.com"
        load_balancer_zone_id  = "Z35SXDOTRQ7X7K"
      }
      us-east-1b = {
        load_balancer_dns_name = "chirp-web-987654322.us-east-1.elb.amazonaws.com"
        load_balancer_zone_id  = "Z35SXDOTRQ7X7K"
      }
    }
  }

  expect_failures = [var.regions]
}

run "rejects_a_path_without_its_slash" {
  command = plan

  variables {
    health_check = { path = "healthz" }
  }

  expect_failures = [var.health_check]
}

run "rejects_a_name_with_a_dot_at_its_end" {
  command = plan

  variables {
    name = "origin.chirp.example.com."
  }

  expect_failures = [var.name]
}
