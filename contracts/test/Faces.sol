// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";
import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";
import {IAssets} from "../src/IAssets.sol";
import {ICompanies} from "../src/ICompanies.sol";
import {ICompany} from "../src/ICompany.sol";
import {IAuctions} from "../src/IAuctions.sol";
import {IFraction} from "../src/IFraction.sol";
import {IFractions} from "../src/IFractions.sol";
import {IConsent} from "../src/IConsent.sol";
import {ICreators} from "../src/ICreators.sol";
import {IERC5192} from "../src/IERC5192.sol";
import {IGuardian} from "../src/IGuardian.sol";
import {IIdentity} from "../src/IIdentity.sol";
import {IRegistry} from "../src/IRegistry.sol";
import {IReputation} from "../src/IReputation.sol";
import {IRewards} from "../src/IRewards.sol";
import {IExchange} from "../src/IExchange.sol";
import {IIdentity} from "../src/IIdentity.sol";
import {ILedger} from "../src/ILedger.sol";
import {ILicences} from "../src/ILicences.sol";
import {IPanel} from "../src/IPanel.sol";
import {IRequests} from "../src/IRequests.sol";
import {IStaking} from "../src/IStaking.sol";
import {ITreasury} from "../src/ITreasury.sol";
import {IVeto} from "../src/IVeto.sol";
import {IVoice} from "../src/IVoice.sol";

// All faces of a contract, as a test calls it: its code is not compiled into the tests.

interface IDomain is IERC5267 {
    function domainSeparator() external view returns (bytes32);
}

interface Identity is IIdentity, IERC721Metadata, IERC5192, IDomain {
    function MIN_DELAY() external view returns (uint256);
    function MAX_DELAY() external view returns (uint256);
    function MAX_GUARDIANS() external view returns (uint256);
}

interface Consent is IConsent, IDomain {}

interface Assets is IAssets, IERC721Metadata, IERC2981, IDomain {}

interface Staking is IStaking, IDomain {
    function MIN_UNBONDING() external view returns (uint256);
    function MAX_UNBONDING() external view returns (uint256);
    function MIN_STREAM() external view returns (uint256);
    function MAX_STREAM() external view returns (uint256);
    function MAX_PLEDGE() external view returns (uint256);
}

interface Fraction is IFraction {
    function WINDOW() external view returns (uint256);
    function LAST_CALL() external view returns (uint256);
    function DELAY() external view returns (uint256);
    function LOCK() external view returns (uint256);
}

interface Fractions is IFractions {}

interface Company is ICompany {
    function VOTING() external view returns (uint256);
    function DELAY() external view returns (uint256);
    function GRACE() external view returns (uint256);
    function clock() external view returns (uint48);
    function CLOCK_MODE() external view returns (string memory);
    function getVotes(address account) external view returns (uint256);
    function getPastVotes(address account, uint256 timepoint) external view returns (uint256);
    function getPastTotalSupply(uint256 timepoint) external view returns (uint256);
    function delegates(address account) external view returns (address);
    function delegate(address delegatee) external;
    function delegateBySig(address delegatee, uint256 nonce, uint256 expiry, uint8 v, bytes32 r, bytes32 s) external;
}

interface Companies is ICompanies {}

interface Pause is IGuardian {
    function MAX_PAUSE() external view returns (uint256);
}

interface Voice is IVoice, IERC20, IERC5805 {
    function name() external view returns (string memory);
    function symbol() external view returns (string memory);
}

interface Treasury is ITreasury {
    function MIN_DELAY() external view returns (uint256);
    function MAX_DELAY() external view returns (uint256);
    function PROPOSER_ROLE() external view returns (bytes32);
    function CANCELLER_ROLE() external view returns (bytes32);
    function EXECUTOR_ROLE() external view returns (bytes32);
    function DEFAULT_ADMIN_ROLE() external view returns (bytes32);
    function hasRole(bytes32 role, address account) external view returns (bool);
    function getMinDelay() external view returns (uint256);
    function updateDelay(uint256 newDelay) external;
    function schedule(address to, uint256 valueWei, bytes calldata data, bytes32 after_, bytes32 salt, uint256 delay) external;
    function execute(address to, uint256 valueWei, bytes calldata data, bytes32 after_, bytes32 salt) external payable;
}

interface Governor is IGovernor, IVeto {
    function timelock() external view returns (address);
    function token() external view returns (address);
    function quorumNumerator() external view returns (uint256);
    function proposalVotes(uint256 id) external view returns (uint256 against, uint256 inFavour, uint256 abstain);
    function setVotingDelay(uint48 newVotingDelay) external;
    function setVotingPeriod(uint32 newVotingPeriod) external;
    function setProposalThreshold(uint256 newProposalThreshold) external;
    function updateQuorumNumerator(uint256 newQuorumNumerator) external;
}

interface Registry is IRegistry {}

interface Rewards is IRewards {
    function CHALLENGE_SECONDS() external view returns (uint256);
    function DECIDE_SECONDS() external view returns (uint256);
    function CLAIM_SECONDS() external view returns (uint256);
    function POST_SECONDS() external view returns (uint256);
    function RECLAIM_SECONDS() external view returns (uint256);
    function MAX_AHEAD() external view returns (uint256);
}

interface Reputation is IReputation, IDomain {}

interface Creators is ICreators, ILedger, IERC721Metadata, IERC2981, IDomain {}

interface Exchange is IExchange, ILedger, IDomain {
    function DECIDE_WINDOW() external view returns (uint256);
    function MIN_WINDOW() external view returns (uint256);
    function MAX_WINDOW() external view returns (uint256);
}

interface Licences is ILicences, IERC721Metadata, IERC2981, IERC5192 {}

interface Requests is IRequests, ILedger, IDomain {
    function MAX_NOTICE() external view returns (uint256);
    function MAX_TIME() external view returns (uint256);
}

interface Nest {
    error NotLaid();
    error NotOwner(address caller);

    function lay(bytes calldata code) external returns (address made);
    function OWNER() external view returns (address);
}

interface Panel is IPanel, ILedger, IDomain {
    function MAX_MEMBERS() external view returns (uint256);
    function UNBONDING() external view returns (uint256);
    function CARRY() external view returns (uint256);
    function PENALTY_BPS() external view returns (uint256);
}

interface Auctions is IAuctions, ILedger, IDomain {
    function MIN_STEP_BPS() external view returns (uint256);
    function MAX_STEP_BPS() external view returns (uint256);
    function MAX_EXTENSION() external view returns (uint256);
    function MAX_EXTRA() external view returns (uint256);
    function MAX_TIME() external view returns (uint256);
    function SETTLE_WINDOW() external view returns (uint256);
}
