data "aws_region" "current" {}

locals {
  region = data.aws_region.current.id
}

resource "aws_apigatewayv2_api" "this" {
  name                         = var.name
  description                  = "${var.name}: HTTP API"
  protocol_type                = "HTTP"
  disable_execute_api_endpoint = false

  tags = { Name = var.name }
}

# Checks signature, issuer, audience and expiry before a function is called.
resource "aws_apigatewayv2_authorizer" "jwt" {
  count = var.jwt == null ? 0 : 1

  api_id           = aws_apigatewayv2_api.this.id
  name             = "jwt"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]

  jwt_configuration {
    issuer   = var.jwt.issuer
    audience = var.jwt.audience
  }
}

resource "aws_apigatewayv2_integration" "this" {
  for_each = var.functions

  api_id                 = aws_apigatewayv2_api.this.id
  description            = each.key
  integration_type       = "AWS_PROXY"
  integration_method     = "POST"
  integration_uri        = each.value.invoke_arn
  payload_format_version = "2.0"
  timeout_milliseconds   = each.value.timeout_ms
}

resource "aws_apigatewayv2_route" "this" {
  #checkov:skip=CKV_AWS_309: which routes are open to everybody, such as signing up, is said route by route.
  for_each = var.routes

  api_id             = aws_apigatewayv2_api.this.id
  route_key          = each.key
  target             = "integrations/${aws_apigatewayv2_integration.this[each.value.function].id}"
  authorization_type = each.value.public ? "NONE" : "JWT"
  authorizer_id      = each.value.public ? null : aws_apigatewayv2_authorizer.jwt[0].id
}

resource "aws_lambda_permission" "this" {
  for_each = var.functions

  statement_id  = "ApiCalls"
  action        = "lambda:InvokeFunction"
  function_name = each.value.name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.this.execution_arn}/*/*"
}

resource "aws_apigatewayv2_stage" "this" {
  api_id      = aws_apigatewayv2_api.this.id
  name        = "$default"
  auto_deploy = true

  default_route_settings {
    detailed_metrics_enabled = true
    throttling_rate_limit    = var.throttling.requests_per_s
    throttling_burst_limit   = var.throttling.burst
  }

  dynamic "route_settings" {
    for_each = { for key, route in var.routes : key => route.throttling if route.throttling != null }

    content {
      route_key                = route_settings.key
      detailed_metrics_enabled = true
      throttling_rate_limit    = route_settings.value.requests_per_s
      throttling_burst_limit   = route_settings.value.burst
    }
  }

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.access.arn
    format = jsonencode({
      time        = "$context.requestTimeEpoch"
      request     = "$context.requestId"
      route       = "$context.routeKey"
      path        = "$context.path"
      status      = "$context.status"
      bytes       = "$context.responseLength"
      latency_ms  = "$context.responseLatency"
      function_ms = "$context.integrationLatency"
      error       = "$context.error.message"
      denied      = "$context.authorizer.error"
      failed      = "$context.integrationErrorMessage"
    })
  }

  tags = { Name = var.name }

  depends_on = [aws_apigatewayv2_route.this]
}

resource "aws_cloudwatch_log_group" "access" {
  #checkov:skip=CKV_AWS_338: log_retention_days says how long; who called what is needed for weeks.
  name              = "/aws/apigateway/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn

  tags = { Name = var.name }
}
