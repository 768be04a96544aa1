# Each path has two ends, and both are opened here: the way in on this tier's side and, for groups named in
# ingress, the way out on the caller's side. So a tier reaches the next one only where that one lets it in.

data "aws_ec2_managed_prefix_list" "cloudfront" {
  count = var.ingress.cloudfront ? 1 : 0

  name = "com.amazonaws.global.cloudfront.origin-facing"
}

resource "aws_security_group" "load_balancer" {
  name        = "${var.name}-load-balancer"
  description = "Load balancer of ${var.name}"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-load-balancer" }
}

resource "aws_vpc_security_group_ingress_rule" "load_balancer_from_group" {
  for_each = var.ingress.security_group_ids

  security_group_id            = aws_security_group.load_balancer.id
  description                  = "${local.protocol} from ${each.key}"
  referenced_security_group_id = each.value
  ip_protocol                  = "tcp"
  from_port                    = var.load_balancer.port
  to_port                      = var.load_balancer.port

  tags = { Name = "${var.name}-load-balancer-from-${each.key}" }
}

resource "aws_vpc_security_group_egress_rule" "group_to_load_balancer" {
  for_each = var.ingress.security_group_ids

  security_group_id            = each.value
  description                  = "${local.protocol} to the load balancer of ${var.name}"
  referenced_security_group_id = aws_security_group.load_balancer.id
  ip_protocol                  = "tcp"
  from_port                    = var.load_balancer.port
  to_port                      = var.load_balancer.port

  tags = { Name = "${each.key}-to-${var.name}-load-balancer" }
}

resource "aws_vpc_security_group_ingress_rule" "load_balancer_from_cloudfront" {
  count = var.ingress.cloudfront ? 1 : 0

  security_group_id = aws_security_group.load_balancer.id
  description       = "${local.protocol} from CloudFront"
  prefix_list_id    = data.aws_ec2_managed_prefix_list.cloudfront[0].id
  ip_protocol       = "tcp"
  from_port         = var.load_balancer.port
  to_port           = var.load_balancer.port

  tags = { Name = "${var.name}-load-balancer-from-cloudfront" }
}

# A group of its own: CloudFront's list counts as 55 rules and this one as 25, and a group holds 60.
data "aws_ec2_managed_prefix_list" "health_checkers" {
  count = var.ingress.health_checkers ? 1 : 0

  name = "com.amazonaws.${data.aws_region.current.id}.route53-healthchecks"
}

resource "aws_security_group" "health_checkers" {
  count = var.ingress.health_checkers ? 1 : 0

  name        = "${var.name}-health-checkers"
  description = "Route 53 health checks of ${var.name}"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-health-checkers" }
}

resource "aws_vpc_security_group_ingress_rule" "load_balancer_from_health_checkers" {
  count = var.ingress.health_checkers ? 1 : 0

  security_group_id = aws_security_group.health_checkers[0].id
  description       = "${local.protocol} from Route 53 health checks"
  prefix_list_id    = data.aws_ec2_managed_prefix_list.health_checkers[0].id
  ip_protocol       = "tcp"
  from_port         = var.load_balancer.port
  to_port           = var.load_balancer.port

  tags = { Name = "${var.name}-load-balancer-from-health-checkers" }
}

resource "aws_vpc_security_group_egress_rule" "load_balancer_to_tasks" {
  security_group_id            = aws_security_group.load_balancer.id
  description                  = "HTTP and health checks to the tasks"
  referenced_security_group_id = aws_security_group.tasks.id
  ip_protocol                  = "tcp"
  from_port                    = var.tasks.port
  to_port                      = var.tasks.port

  tags = { Name = "${var.name}-load-balancer-to-tasks" }
}

resource "aws_security_group" "tasks" {
  name        = "${var.name}-tasks"
  description = "Tasks of ${var.name}"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-tasks" }
}

resource "aws_vpc_security_group_ingress_rule" "tasks_from_load_balancer" {
  security_group_id            = aws_security_group.tasks.id
  description                  = "HTTP and health checks from the load balancer"
  referenced_security_group_id = aws_security_group.load_balancer.id
  ip_protocol                  = "tcp"
  from_port                    = var.tasks.port
  to_port                      = var.tasks.port

  tags = { Name = "${var.name}-tasks-from-load-balancer" }
}

resource "aws_vpc_security_group_egress_rule" "tasks_https" {
  security_group_id = aws_security_group.tasks.id
  description       = "HTTPS to AWS and to image registries"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443

  tags = { Name = "${var.name}-tasks-https" }
}
