import { ACMClient } from "@aws-sdk/client-acm";
import { APIGatewayClient } from "@aws-sdk/client-api-gateway";
import { ApiGatewayV2Client } from "@aws-sdk/client-apigatewayv2";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { Route53Client } from "@aws-sdk/client-route-53";
import { S3Client } from "@aws-sdk/client-s3";
import { WAFV2Client } from "@aws-sdk/client-wafv2";

/** The AWS services that the ops commands call. */
export interface AwsClients {
  apiGateway: APIGatewayClient;
  apiGatewayV2: ApiGatewayV2Client;
  certificates: ACMClient;
  loadBalancing: ElasticLoadBalancingV2Client;
  route53: Route53Client;
  s3: S3Client;
  waf: WAFV2Client;
}

/**
 * Clients of one region, with the credentials of the environment. `AWS_ENDPOINT_URL` redirects them, as in every AWS SDK.
 *
 * API Gateway's control plane allows few calls per second (10 per account; GetExport and deletes far fewer), hence the retries.
 */
export function awsClients(region: string): AwsClients {
  const config = { region, maxAttempts: 8 };
  return {
    apiGateway: new APIGatewayClient({ ...config, retryMode: "adaptive" }),
    apiGatewayV2: new ApiGatewayV2Client({ ...config, retryMode: "adaptive" }),
    certificates: new ACMClient(config),
    loadBalancing: new ElasticLoadBalancingV2Client(config),
    route53: new Route53Client(config),
    // With an IP address as endpoint, a bucket name cannot be a subdomain.
    s3: new S3Client({ ...config, forcePathStyle: process.env.AWS_ENDPOINT_URL !== undefined }),
    waf: new WAFV2Client(config),
  };
}
