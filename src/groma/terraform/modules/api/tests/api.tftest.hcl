mock_provider "aws" {
  mock_data "aws_region" {
    defaults = { id = "us-east-1" }
  }

  mock_resource "aws_apigatewayv2_api" {
    defaults = {
      id            = "a1b2c3d4e5"
      execution_arn = "arn:aws:execute-api:us-east-1:111122223333:a1b2c3d4e5"
    }
  }

  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/apigateway/chirp" }
  }
}

variables {
  name = "chirp"
  functions = {
    api = {
      name       = "chirp-api"
      invoke_arn = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:111122223333:function:chirp-api/invocations"
    }
  }
  routes = {
    "ANY /api/{path+}"   = { function = "api" }
    "POST /api/sessions" = { function = "api", public = true, throttling = { requests_per_s = 50, burst = 100 } }
  }
  jwt = {
    issuer   = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_abcdefghi"
    audience = ["1h57kf5cpq17m0eml12EXAMPLE"]
  }
  throttling = { requests_per_s = 2000, burst = 1000 }
}

run "asks_for_a_token_unless_a_route_is_public" {
  command = apply

  assert {
    condition     = { for key, route in aws_apigatewayv2_route.this : key => route.authorization_type } == { "ANY /api/{path+}" = "JWT", "POST /api/sessions" = "NONE" }
    error_message = "A route must ask for a token unless it is public."
  }

  assert {
    condition     = aws_apigatewayv2_route.this["ANY /api/{path+}"].authorizer_id == aws_apigatewayv2_authorizer.jwt[0].id && aws_apigatewayv2_authorizer.jwt[0].jwt_configuration[0].audience == toset(["1h57kf5cpq17m0eml12EXAMPLE"])
    error_message = "Tokens must be checked for issuer and audience."
  }
}

run "calls_the_function_and_may" {
  command = apply

  assert {
    condition     = aws_apigatewayv2_integration.this["api"].integration_type == "AWS_PROXY" && aws_apigatewayv2_integration.this["api"].payload_format_version == "2.0"
    error_message = "The function must get the whole request."
  }

  assert {
    condition     = aws_lambda_permission.this["api"].function_name == "chirp-api" && aws_lambda_permission.this["api"].source_arn == "arn:aws:execute-api:us-east-1:111122223333:a1b2c3d4e5/*/*"
    error_message = "This API, and no other, must be allowed to call the function."
  }
}

run "limits_requests_and_logs_them" {
  command = apply

  assert {
    condition     = aws_apigatewayv2_stage.this.default_route_settings[0].throttling_rate_limit == 2000 && aws_apigatewayv2_stage.this.default_route_settings[0].throttling_burst_limit == 1000
    error_message = "The whole API must be limited."
  }

  assert {
    condition     = [for settings in aws_apigatewayv2_stage.this.route_settings : [settings.route_key, settings.throttling_rate_limit, settings.throttling_burst_limit]] == [["POST /api/sessions", 50, 100]]
    error_message = "A route with a limit of its own must have it."
  }

  assert {
    condition     = aws_apigatewayv2_stage.this.auto_deploy && jsondecode(aws_apigatewayv2_stage.this.access_log_settings[0].format).status == "$context.status"
    error_message = "Changes must be live at once, and each request be logged as JSON."
  }

  assert {
    condition     = output.domain_name == "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com" && output.stage == "$default"
    error_message = "The domain name for an origin must be told."
  }
}

run "needs_no_tokens_when_all_is_public" {
  command = apply

  variables {
    routes = { "$default" = { function = "api", public = true } }
    jwt    = null
  }

  assert {
    condition     = length(aws_apigatewayv2_authorizer.jwt) == 0
    error_message = "There must be no authorizer."
  }
}

run "rejects_a_route_without_a_method_or_function" {
  command = plan

  variables {
    routes = { "/api/timeline" = { function = "timeline" } }
  }

  expect_failures = [var.routes]
}

run "rejects_a_closed_route_without_jwt" {
  command = plan

  variables {
    jwt = null
  }

  expect_failures = [var.routes]
}

run "rejects_an_issuer_in_clear" {
  command = plan

  variables {
    jwt = { issuer = "http://issuer", audience = ["x"] }
  }

  expect_failures = [var.jwt]
}

run "rejects_what_api_gateway_lacks" {
  command = plan

  variables {
    name               = "my api"
    throttling         = { requests_per_s = 0, burst = 0 }
    kms_key_arn        = "alias/chirp"
    log_retention_days = 42
  }

  expect_failures = [var.name, var.throttling, var.kms_key_arn, var.log_retention_days]
}

run "rejects_a_function_that_may_take_minutes" {
  command = plan

  variables {
    functions = { api = { name = "chirp-api", invoke_arn = "arn:aws:apigateway:us-east-1:lambda:path/x", timeout_ms = 60000 } }
  }

  expect_failures = [var.functions]
}
