mock_provider "aws" {
  mock_data "aws_region" {
    defaults = { id = "us-east-1" }
  }

  mock_data "aws_default_tags" {
    defaults = { tags = { Stack = "chirp" } }
  }

  mock_data "aws_ssm_parameter" {
    defaults = { insecure_value = "ami-0123456789abcdef0" }
  }

  mock_data "aws_ec2_managed_prefix_list" {
    defaults = { id = "pl-3b927c52" }
  }

  mock_resource "aws_lb" {
    defaults = { arn = "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/chirp-web/50dc6c495c0c9188" }
  }

  mock_resource "aws_lb_target_group" {
    defaults = { arn = "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/chirp-web/73e2d6bc24d8a067" }
  }

  mock_resource "aws_lb_listener" {
    defaults = { arn = "arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/app/chirp-web/50dc6c495c0c9188/f2f7dc8efc522ab2" }
  }

  mock_resource "aws_iam_instance_profile" {
    defaults = { arn = "arn:aws:iam::111122223333:instance-profile/chirp-web-us-east-1" }
  }

  mock_resource "aws_launch_template" {
    defaults = { id = "lt-0123456789abcdef0", latest_version = 3 }
  }
}

variables {
  name   = "chirp-web"
  vpc_id = "vpc-0a1b2c3d4e5f60718"
  load_balancer = {
    internal   = false
    subnet_ids = ["subnet-0aaaaaaaaaaaaaaaa", "subnet-0bbbbbbbbbbbbbbbb"]
  }
  ingress = { cloudfront = true }
  servers = {
    subnet_ids         = ["subnet-0aaaaaaaaaaaaaaaa", "subnet-0bbbbbbbbbbbbbbbb"]
    public_ip          = true
    instance_type      = "c7g.large"
    architecture       = "arm64"
    min                = 2
    desired            = 4
    max                = 8
    cpu_target_percent = 55
  }
  user_data = "#!/bin/sh\ndnf install -y nginx\nsystemctl enable --now nginx\n"
}

run "burstable_servers_are_charged_rather_than_slowed" {
  command = plan

  variables {
    servers = {
      subnet_ids         = ["subnet-0aaaaaaaaaaaaaaaa", "subnet-0bbbbbbbbbbbbbbbb"]
      instance_type      = "t4g.small"
      architecture       = "arm64"
      min                = 2
      desired            = 2
      max                = 4
      cpu_target_percent = 20
    }
  }

  assert {
    condition     = aws_launch_template.this.credit_specification[0].cpu_credits == "unlimited"
    error_message = "A burstable type must state the mode of its credits."
  }
}

run "launches_hardened_servers" {
  command = apply

  assert {
    condition     = length(aws_launch_template.this.credit_specification) == 0
    error_message = "A type that does not burst has no credits."
  }

  assert {
    condition     = aws_launch_template.this.metadata_options[0].http_tokens == "required" && aws_launch_template.this.metadata_options[0].http_put_response_hop_limit == 1
    error_message = "Servers must take IMDSv2 only, one hop away."
  }

  assert {
    condition = alltrue([
      for disk in aws_launch_template.this.block_device_mappings[*].ebs[0] : disk.encrypted == "true" && disk.volume_type == "gp3" && disk.volume_size == 20
    ])
    error_message = "The root volume must be encrypted gp3 of the size asked for."
  }

  assert {
    condition     = aws_launch_template.this.image_id == "ami-0123456789abcdef0" && endswith(data.aws_ssm_parameter.image.name, "-arm64")
    error_message = "The image must be the newest one of the architecture."
  }

  assert {
    condition     = base64decode(aws_launch_template.this.user_data) == var.user_data
    error_message = "The user data must reach the servers unchanged."
  }

  assert {
    condition = (
      aws_launch_template.this.network_interfaces[0].associate_public_ip_address == "true" &&
      aws_launch_template.this.network_interfaces[0].security_groups == toset([aws_security_group.servers.id])
    )
    error_message = "Servers must have a public address when asked for, and their own security group."
  }

  assert {
    condition = alltrue([
      for tags in aws_launch_template.this.tag_specifications[*].tags : tags == tomap({ Stack = "chirp", Name = "chirp-web" })
    ])
    error_message = "What is launched must carry the provider's default tags and its name."
  }
}

run "scales_on_cpu_across_its_subnets" {
  command = apply

  assert {
    condition = (
      aws_autoscaling_group.this.min_size == 2 && aws_autoscaling_group.this.desired_capacity == 4 && aws_autoscaling_group.this.max_size == 8 &&
      aws_autoscaling_group.this.vpc_zone_identifier == toset(var.servers.subnet_ids)
    )
    error_message = "The group must have the sizes and subnets asked for."
  }

  assert {
    condition     = aws_autoscaling_group.this.health_check_type == "ELB" && aws_autoscaling_group.this.target_group_arns == toset([aws_lb_target_group.this.arn])
    error_message = "The load balancer's health check must decide over the servers."
  }

  assert {
    condition     = aws_autoscaling_group.this.launch_template[0].version == "3" && aws_autoscaling_group.this.instance_refresh[0].preferences[0].min_healthy_percentage == 100
    error_message = "A new launch template must be rolled out without loss of capacity."
  }

  assert {
    condition     = contains(aws_autoscaling_group.this.enabled_metrics, "GroupInServiceInstances")
    error_message = "The group must publish its metrics."
  }

  assert {
    condition = (
      aws_autoscaling_policy.cpu.name == "chirp-web-cpu" && aws_autoscaling_policy.cpu.target_tracking_configuration[0].target_value == 55 &&
      aws_autoscaling_policy.cpu.target_tracking_configuration[0].predefined_metric_specification[0].predefined_metric_type == "ASGAverageCPUUtilization"
    )
    error_message = "The group must be held at the CPU use asked for, by a policy with a name of its own."
  }
}

run "lets_in_cloudfront_only" {
  command = apply

  assert {
    condition = (
      aws_vpc_security_group_ingress_rule.load_balancer_from_cloudfront[0].prefix_list_id == "pl-3b927c52" &&
      aws_vpc_security_group_ingress_rule.load_balancer_from_cloudfront[0].from_port == 80 &&
      length(aws_vpc_security_group_ingress_rule.load_balancer_from_group) == 0
    )
    error_message = "Only CloudFront's addresses may reach the load balancer, on its port."
  }

  assert {
    condition = (
      aws_vpc_security_group_ingress_rule.servers_from_load_balancer.referenced_security_group_id == aws_security_group.load_balancer.id &&
      aws_vpc_security_group_ingress_rule.servers_from_load_balancer.from_port == 8080 &&
      aws_vpc_security_group_ingress_rule.servers_from_load_balancer.to_port == 8080
    )
    error_message = "Only the load balancer may reach the servers, on their port."
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.servers_https.from_port == 443 && aws_vpc_security_group_egress_rule.servers_https.to_port == 443
    error_message = "By themselves servers may go out over HTTPS only."
  }
}

run "serves_over_a_checked_target_group" {
  command = apply

  assert {
    condition     = !aws_lb.this.internal && aws_lb.this.drop_invalid_header_fields && aws_lb.this.enable_deletion_protection
    error_message = "The load balancer must be public, drop invalid headers and be protected."
  }

  assert {
    condition     = aws_lb_listener.this.port == 80 && aws_lb_listener.this.default_action[0].target_group_arn == aws_lb_target_group.this.arn
    error_message = "The listener must forward to the servers."
  }

  assert {
    condition     = aws_lb_target_group.this.health_check[0].path == "/healthz" && aws_lb_target_group.this.port == 8080 && aws_lb_target_group.this.name == "chirp-web"
    error_message = "Servers must be checked at their health check path."
  }

  assert {
    condition     = aws_lb_target_group.this.load_balancing_algorithm_type == "weighted_random" && aws_lb_target_group.this.load_balancing_anomaly_mitigation == "on"
    error_message = "A server that fails fast must not draw more requests than its neighbours."
  }

  assert {
    condition     = output.autoscaling_group_name == "chirp-web" && output.load_balancer_arn == aws_lb.this.arn && output.role_name == "chirp-web-us-east-1"
    error_message = "The tier's names must be given out."
  }
}

run "asks_for_the_header_of_one_distribution" {
  command = apply

  variables {
    required_header = { name = "X-Origin-Key", value = sensitive("7d9f2c1e-58a4-4c0e-9a57-0c2f8d1b6e33") }
    ingress         = { cloudfront = true, health_checkers = true }
  }

  assert {
    condition     = aws_lb_listener.this.default_action[0].type == "fixed-response" && aws_lb_listener.this.default_action[0].fixed_response[0].status_code == "403"
    error_message = "Whoever lacks the header must be refused."
  }

  assert {
    condition = [
      for condition in aws_lb_listener_rule.with_header[0].condition : [condition.http_header[0].http_header_name, condition.http_header[0].values]
    ] == [["X-Origin-Key", toset(["7d9f2c1e-58a4-4c0e-9a57-0c2f8d1b6e33"])]] && aws_lb_listener_rule.with_header[0].action[0].target_group_arn == aws_lb_target_group.this.arn
    error_message = "With exactly this value of the header requests must reach the servers."
  }

  assert {
    condition = [
      for condition in aws_lb_listener_rule.health_checks[0].condition : condition.path_pattern[0].values
    ] == [toset(["/healthz"])] && aws_lb_listener_rule.health_checks[0].action[0].target_group_arn == aws_lb_target_group.this.arn
    error_message = "Route 53, which sends no header of ours, must still learn whether servers are healthy."
  }
}

run "lets_health_checks_ask_through_the_tier" {
  command = apply

  variables {
    required_header = { name = "X-Origin-Key", value = sensitive("7d9f2c1e-58a4-4c0e-9a57-0c2f8d1b6e33") }
    ingress         = { cloudfront = true, health_checkers = true, health_checkers_path = "/api/healthz" }
  }

  assert {
    condition = [
      for condition in aws_lb_listener_rule.health_checks[0].condition : condition.path_pattern[0].values
    ] == [toset(["/api/healthz"])] && aws_lb_target_group.this.health_check[0].path == "/healthz"
    error_message = "What Route 53 asks may be another path than what the load balancer asks each server."
  }
}

run "refuses_a_path_that_opens_more_than_itself" {
  command = plan

  variables {
    ingress = { cloudfront = true, health_checkers = true, health_checkers_path = "/api/*" }
  }

  expect_failures = [var.ingress]
}

run "opens_nothing_to_health_checks_that_are_not_let_in" {
  command = apply

  variables {
    required_header = { name = "X-Origin-Key", value = "7d9f2c1e-58a4-4c0e-9a57-0c2f8d1b6e33" }
  }

  assert {
    condition     = length(aws_lb_listener_rule.with_header) == 1 && length(aws_lb_listener_rule.health_checks) == 0
    error_message = "There must be no way past the header that nobody needs."
  }
}

run "asks_for_no_header_by_default" {
  command = apply

  assert {
    condition     = aws_lb_listener.this.default_action[0].type == "forward" && length(aws_lb_listener_rule.with_header) == 0
    error_message = "Without a header all must be passed on."
  }
}

run "rejects_a_header_that_can_be_guessed" {
  command = plan

  variables {
    required_header = { name = "X-Origin-Key", value = "*" }
  }

  expect_failures = [var.required_header]
}

run "opens_both_ends_to_a_named_group" {
  command = apply

  variables {
    name          = "chirp-app"
    load_balancer = { internal = true, subnet_ids = ["subnet-0aaaaaaaaaaaaaaaa", "subnet-0bbbbbbbbbbbbbbbb"], port = 8000 }
    ingress       = { security_group_ids = { web = "sg-0123456789abcdef0" } }
  }

  assert {
    condition     = aws_lb.this.internal && length(aws_vpc_security_group_ingress_rule.load_balancer_from_cloudfront) == 0
    error_message = "An internal tier must not be open to CloudFront."
  }

  assert {
    condition = (
      aws_vpc_security_group_ingress_rule.load_balancer_from_group["web"].referenced_security_group_id == "sg-0123456789abcdef0" &&
      aws_vpc_security_group_ingress_rule.load_balancer_from_group["web"].from_port == 8000
    )
    error_message = "The group named must be let in, on the load balancer's port."
  }

  assert {
    condition = (
      aws_vpc_security_group_egress_rule.group_to_load_balancer["web"].security_group_id == "sg-0123456789abcdef0" &&
      aws_vpc_security_group_egress_rule.group_to_load_balancer["web"].referenced_security_group_id == aws_security_group.load_balancer.id
    )
    error_message = "The group named must be let out to the load balancer."
  }
}

run "holds_permissions_to_what_is_needed" {
  command = apply

  variables {
    instance_policies = {
      read-secret = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"secretsmanager:GetSecretValue\",\"Resource\":\"arn:aws:secretsmanager:us-east-1:111122223333:secret:chirp\"}]}"
    }
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.agents.policy).Statement : statement.Condition.StringEquals["cloudwatch:namespace"] if statement.Action == "cloudwatch:PutMetricData"
    ] == ["CWAgent"]
    error_message = "Metrics may be put into the agent's namespace only."
  }

  assert {
    condition     = keys(aws_iam_role_policy.extra) == ["read-secret"] && aws_iam_role_policy.extra["read-secret"].policy == var.instance_policies["read-secret"]
    error_message = "Further policies must be added by name, as given."
  }
}

run "rejects_a_name_too_long_for_a_load_balancer" {
  command = plan

  variables {
    name = "a-name-of-more-than-thirty-two-ch"
  }

  expect_failures = [var.name]
}

run "rejects_a_tier_that_nobody_reaches" {
  command = plan

  variables {
    ingress = {}
  }

  expect_failures = [var.ingress]
}

run "rejects_a_load_balancer_in_one_subnet" {
  command = plan

  variables {
    load_balancer = { internal = false, subnet_ids = ["subnet-0aaaaaaaaaaaaaaaa"] }
  }

  expect_failures = [var.load_balancer]
}

run "rejects_an_architecture_that_the_type_lacks" {
  command = plan

  variables {
    servers = { subnet_ids = ["subnet-0aaaaaaaaaaaaaaaa"], instance_type = "m7i.large", architecture = "arm64", min = 1, desired = 1, max = 2, cpu_target_percent = 55 }
  }

  expect_failures = [var.servers]
}

run "rejects_a_desired_count_out_of_bounds" {
  command = plan

  variables {
    servers = { subnet_ids = ["subnet-0aaaaaaaaaaaaaaaa"], instance_type = "m7g.large", architecture = "arm64", min = 2, desired = 1, max = 2, cpu_target_percent = 55 }
  }

  expect_failures = [var.servers]
}

run "lets_the_application_read_and_write_what_is_named" {
  command = apply

  variables {
    reads  = { artifact = "arn:aws:s3:::chirp-artifact-111122223333-us-east-1/application.zip" }
    writes = { media = "arn:aws:s3:::chirp-site-111122223333/media/*" }
    secret = {
      arn         = "arn:aws:secretsmanager:us-east-1:111122223333:secret:chirp-database-AbCdEf"
      kms_key_arn = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    }
  }

  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.application[0].policy).Statement : statement.Sid => [statement.Action, statement.Resource] } == {
      ReadsArtifact  = [["s3:GetObject", "s3:GetObjectVersion"], var.reads.artifact]
      WritesMedia    = [["s3:PutObject"], var.writes.media]
      ReadsSecret    = [["secretsmanager:GetSecretValue"], var.secret.arn]
      DecryptsSecret = [["kms:Decrypt"], var.secret.kms_key_arn]
    }
    error_message = "The role must hold exactly what was named."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.application[0].policy).Statement : statement.Condition.StringEquals["kms:ViaService"] if statement.Sid == "DecryptsSecret"
    ] == ["secretsmanager.us-east-1.amazonaws.com"]
    error_message = "The key must be of use through Secrets Manager only."
  }
}

run "needs_nothing_for_servers_that_name_nothing" {
  command = apply

  assert {
    condition     = length(aws_iam_role_policy.application) == 0
    error_message = "Without names there must be no policy."
  }
}

run "rejects_writing_a_whole_bucket" {
  command = plan

  variables {
    writes = { media = "arn:aws:s3:::chirp-site-111122223333/*" }
  }

  expect_failures = [var.writes]
}

run "rejects_reading_what_is_no_object" {
  command = plan

  variables {
    reads = { artifact = "arn:aws:s3:::chirp-artifact" }
  }

  expect_failures = [var.reads]
}

run "rejects_a_secret_that_is_none" {
  command = plan

  variables {
    secret = { arn = "chirp-database", kms_key_arn = "alias/chirp" }
  }

  expect_failures = [var.secret]
}

run "rejects_user_data_that_is_too_long" {
  command = plan

  variables {
    user_data = join("", [for line in range(1024) : "0123456789abcdef!"])
  }

  expect_failures = [var.user_data]
}

run "rejects_a_policy_that_is_none" {
  command = plan

  variables {
    instance_policies = { broken = "{\"Effect\":\"Allow\"}" }
  }

  expect_failures = [var.instance_policies]
}

run "rejects_an_id_that_is_no_vpcs" {
  command = plan

  variables {
    vpc_id = "subnet-0aaaaaaaaaaaaaaaa"
  }

  expect_failures = [var.vpc_id]
}

run "lets_health_checks_in_by_a_group_of_their_own" {
  command = apply

  variables {
    ingress = { cloudfront = true, health_checkers = true }
  }

  assert {
    condition     = length(aws_lb.this.security_groups) == 2 && aws_vpc_security_group_ingress_rule.load_balancer_from_health_checkers[0].security_group_id == aws_security_group.health_checkers[0].id
    error_message = "Both lists of addresses together would be more rules than one group holds."
  }

  assert {
    condition     = data.aws_ec2_managed_prefix_list.health_checkers[0].name == "com.amazonaws.us-east-1.route53-healthchecks" && aws_vpc_security_group_ingress_rule.load_balancer_from_health_checkers[0].from_port == 80
    error_message = "Route 53's addresses must reach the load balancer's port."
  }
}

run "speaks_https_with_a_certificate" {
  command = apply

  variables {
    load_balancer = {
      internal        = false
      subnet_ids      = ["subnet-0aaaaaaaaaaaaaaaa", "subnet-0bbbbbbbbbbbbbbbb"]
      port            = 443
      certificate_arn = "arn:aws:acm:us-east-1:111122223333:certificate/6b1f0a52-8c7e-4d1b-9e55-0f5b1b3a7c21"
    }
  }

  assert {
    condition     = aws_lb_listener.this.protocol == "HTTPS" && aws_lb_listener.this.port == 443 && aws_lb_listener.this.ssl_policy == "ELBSecurityPolicy-TLS13-1-2-2021-06"
    error_message = "The listener must speak HTTPS, TLS 1.2 or later."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.load_balancer_from_cloudfront[0].from_port == 443
    error_message = "CloudFront must be let in on the listener's port."
  }
}

run "rejects_a_certificate_that_is_none" {
  command = plan

  variables {
    load_balancer = {
      internal        = false
      subnet_ids      = ["subnet-0aaaaaaaaaaaaaaaa", "subnet-0bbbbbbbbbbbbbbbb"]
      certificate_arn = "chirp.example.com"
    }
  }

  expect_failures = [var.load_balancer]
}

run "buys_nothing_as_spot_unless_asked" {
  command = plan

  assert {
    condition     = length(aws_autoscaling_group.this.mixed_instances_policy) == 0 && length(aws_autoscaling_group.this.launch_template) == 1
    error_message = "Without spot the group must launch its template, on demand."
  }
}

run "buys_all_beyond_the_least_number_as_spot" {
  command = apply

  variables {
    servers = {
      subnet_ids         = ["subnet-0aaaaaaaaaaaaaaaa", "subnet-0bbbbbbbbbbbbbbbb"]
      instance_type      = "c7g.large"
      architecture       = "arm64"
      min                = 2
      desired            = 4
      max                = 8
      cpu_target_percent = 55
      spot               = { other_types = ["m7g.large", "c8g.large"] }
    }
  }

  assert {
    condition     = length(aws_autoscaling_group.this.launch_template) == 0 && aws_autoscaling_group.this.capacity_rebalance
    error_message = "A group with Spot must launch by its policy, and replace ahead of an interruption."
  }

  assert {
    condition = (
      aws_autoscaling_group.this.mixed_instances_policy[0].instances_distribution[0].on_demand_base_capacity == 2 &&
      aws_autoscaling_group.this.mixed_instances_policy[0].instances_distribution[0].on_demand_percentage_above_base_capacity == 0 &&
      aws_autoscaling_group.this.mixed_instances_policy[0].instances_distribution[0].on_demand_allocation_strategy == "prioritized" &&
      aws_autoscaling_group.this.mixed_instances_policy[0].instances_distribution[0].spot_allocation_strategy == "price-capacity-optimized"
    )
    error_message = "The least number must be on demand, and all beyond Spot."
  }

  assert {
    condition = (
      [for each in aws_autoscaling_group.this.mixed_instances_policy[0].launch_template[0].override : each.instance_type] == ["c7g.large", "m7g.large", "c8g.large"] &&
      aws_autoscaling_group.this.mixed_instances_policy[0].launch_template[0].launch_template_specification[0].launch_template_id == "lt-0123456789abcdef0"
    )
    error_message = "The tier's own type must come first, of one launch template."
  }
}

run "buys_spot_of_its_own_type_alone" {
  command = plan

  variables {
    servers = {
      subnet_ids         = ["subnet-0aaaaaaaaaaaaaaaa", "subnet-0bbbbbbbbbbbbbbbb"]
      instance_type      = "c7g.large"
      architecture       = "arm64"
      min                = 2
      desired            = 4
      max                = 8
      cpu_target_percent = 55
      spot               = {}
    }
  }

  assert {
    condition     = [for each in aws_autoscaling_group.this.mixed_instances_policy[0].launch_template[0].override : each.instance_type] == ["c7g.large"]
    error_message = "Without other types there must be the tier's own."
  }
}

run "rejects_spot_of_another_architecture" {
  command = plan

  variables {
    servers = { subnet_ids = ["subnet-0aaaaaaaaaaaaaaaa"], instance_type = "c7g.large", architecture = "arm64", min = 1, desired = 1, max = 2, cpu_target_percent = 55, spot = { other_types = ["c7i.large"] } }
  }

  expect_failures = [var.servers]
}

run "rejects_burstable_spot_beside_what_is_not" {
  command = plan

  variables {
    servers = { subnet_ids = ["subnet-0aaaaaaaaaaaaaaaa"], instance_type = "c7g.large", architecture = "arm64", min = 1, desired = 1, max = 2, cpu_target_percent = 55, spot = { other_types = ["t4g.large"] } }
  }

  expect_failures = [var.servers]
}

run "rejects_a_type_of_spot_twice" {
  command = plan

  variables {
    servers = { subnet_ids = ["subnet-0aaaaaaaaaaaaaaaa"], instance_type = "c7g.large", architecture = "arm64", min = 1, desired = 1, max = 2, cpu_target_percent = 55, spot = { other_types = ["c7g.large"] } }
  }

  expect_failures = [var.servers]
}
