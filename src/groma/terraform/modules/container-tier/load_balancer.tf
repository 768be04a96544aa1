resource "aws_lb" "this" {
  #checkov:skip=CKV_AWS_91: an access log needs a bucket and is paid by the byte; CloudWatch metrics and the VPC's flow logs serve operation, and CloudFront sees every viewer first.
  #checkov:skip=CKV2_AWS_20: one port is listened on, HTTP or HTTPS; CloudFront redirects viewers, and the internal tier speaks HTTP inside the VPC.
  #checkov:skip=CKV2_AWS_28: only CloudFront's addresses or named security groups reach it; a web ACL belongs at CloudFront, before the traffic enters the region.
  name                       = var.name
  load_balancer_type         = "application"
  internal                   = var.load_balancer.internal
  subnets                    = var.load_balancer.subnet_ids
  security_groups            = concat([aws_security_group.load_balancer.id], aws_security_group.health_checkers[*].id)
  drop_invalid_header_fields = true
  enable_deletion_protection = var.deletion_protection

  tags = { Name = var.name }
}

resource "aws_lb_target_group" "this" {
  #checkov:skip=CKV_AWS_378: TLS ends at CloudFront; inside the VPC the security groups let only the load balancer reach the tasks' port.
  name                 = var.name
  vpc_id               = var.vpc_id
  protocol             = "HTTP"
  target_type          = "ip"
  port                 = var.tasks.port
  deregistration_delay = 30

  # Least outstanding requests would send most of them to whoever fails fastest. Mitigation sends fewer to a task
  # that fails more than its neighbours (three or more), and leaves all alone when all fail alike.
  load_balancing_algorithm_type     = "weighted_random"
  load_balancing_anomaly_mitigation = "on"

  health_check {
    path                = var.tasks.health_check_path
    matcher             = "200"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }

  tags = { Name = var.name }
}

resource "aws_lb_listener" "this" {
  #checkov:skip=CKV_AWS_2: a certificate needs a domain name; with one it is HTTPS, without one viewers speak HTTPS to CloudFront.
  #checkov:skip=CKV_AWS_103: as above; with a certificate the policy is of TLS 1.2 and 1.3.
  load_balancer_arn = aws_lb.this.arn
  protocol          = local.protocol
  certificate_arn   = var.load_balancer.certificate_arn
  ssl_policy        = local.protocol == "HTTPS" ? "ELBSecurityPolicy-TLS13-1-2-2021-06" : null
  port              = var.load_balancer.port

  default_action {
    type             = local.asks_for_header ? "fixed-response" : "forward"
    target_group_arn = local.asks_for_header ? null : aws_lb_target_group.this.arn

    dynamic "fixed_response" {
      for_each = local.asks_for_header ? ["forbidden"] : []

      content {
        status_code  = "403"
        content_type = "text/plain"
        message_body = fixed_response.value
      }
    }
  }

  tags = { Name = var.name }

  lifecycle {
    # A target group in use cannot go: when a new port replaces it, the listener has to go first.
    replace_triggered_by = [aws_lb_target_group.this.id]
  }
}

# CloudFront's addresses are those of everybody's distributions: this header tells ours.
resource "aws_lb_listener_rule" "with_header" {
  count = local.asks_for_header ? 1 : 0

  listener_arn = aws_lb_listener.this.arn
  priority     = 1

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this.arn
  }

  condition {
    http_header {
      http_header_name = var.required_header.name
      values           = [var.required_header.value]
    }
  }

  tags = { Name = "${var.name}-with-header" }
}

# Route 53's health checks send no header of ours.
resource "aws_lb_listener_rule" "health_checks" {
  count = local.asks_for_header && var.ingress.health_checkers ? 1 : 0

  listener_arn = aws_lb_listener.this.arn
  priority     = 2

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this.arn
  }

  condition {
    path_pattern {
      values = [coalesce(var.ingress.health_checkers_path, var.tasks.health_check_path)]
    }
  }

  tags = { Name = "${var.name}-health-checks" }
}
